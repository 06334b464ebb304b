/**
 * The one link to the server: opens, decodes, and when it breaks tries again with growing waits.
 *
 * A link that is open but says nothing for `SILENT_AFTER_MS` is closed too: a status is due every second, and a
 * stale picture must never look live.
 */
import { decodeMsgpack, encodeMsgpack, type Command } from "./msgpack";
import { readPicture, type Message } from "./messages";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
const SILENT_AFTER_MS = 15000;

export interface LinkEvents {
  onMessage(message: Message, startedAt_ms: number): void;
  onOpen(): void;
  onLost(): void;
}

export function reconnectWait_ms(attempt: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
}

export class Link {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private heardAt_ms = 0;
  private watchdog: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly url: string, private readonly events: LinkEvents) {}

  open(): void {
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.heardAt_ms = performance.now();
    socket.onopen = () => {
      this.attempt = 0;
      this.events.onOpen();
    };
    socket.onmessage = (event: MessageEvent<ArrayBuffer | string>) => this.receive(event.data);
    socket.onclose = () => this.lost(socket);
    this.watchdog ??= setInterval(() => this.checkSilence(), 1000);
  }

  send(command: Command): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(encodeMsgpack(command));
    return true;
  }

  private receive(data: ArrayBuffer | string): void {
    const startedAt_ms = performance.now();
    this.heardAt_ms = startedAt_ms;
    const raw = (typeof data === "string" ? JSON.parse(data) : decodeMsgpack(data)) as Record<string, unknown>;
    const message = raw.type === "picture" ? readPicture(raw) : (raw as unknown as Message);
    this.events.onMessage(message, startedAt_ms);
  }

  private lost(socket: WebSocket): void {
    if (socket !== this.socket) return;
    this.socket = null;
    this.events.onLost();
    setTimeout(() => this.open(), reconnectWait_ms(this.attempt++));
  }

  private checkSilence(): void {
    if (this.socket?.readyState === WebSocket.OPEN && performance.now() - this.heardAt_ms > SILENT_AFTER_MS) {
      const socket = this.socket;
      socket.close();
      this.lost(socket);
    }
  }
}
