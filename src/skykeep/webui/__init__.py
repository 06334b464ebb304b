"""The built console: files the server hands out, made by `npm run build` in web/."""
