/**
 * MessagePack, the part that the console protocol uses: nil, booleans, integers, floats, strings, binaries, arrays
 * and maps with string keys.
 *
 * 64-bit integers become the nearest double. A `*_utc_ns` is then true to 256 ns, far below what is drawn.
 * Binaries are views into the message, not copies.
 */

const utf8Decoder = new TextDecoder();
const utf8Encoder = new TextEncoder();

export function decodeMsgpack(message: ArrayBuffer): unknown {
  const bytes = new Uint8Array(message);
  const view = new DataView(message);
  let at = 0;

  const take = (count: number): number => {
    const start = at;
    at += count;
    if (at > bytes.length) throw new RangeError(`message ends at ${bytes.length}, must reach ${at}`);
    return start;
  };
  const text = (count: number): string => {
    const start = take(count);
    return utf8Decoder.decode(bytes.subarray(start, start + count));
  };
  const binary = (count: number): Uint8Array => {
    const start = take(count);
    return bytes.subarray(start, start + count);
  };
  const array = (count: number): unknown[] => {
    const out: unknown[] = [];
    for (let i = 0; i < count; i++) out.push(value());
    return out;
  };
  const map = (count: number): Record<string, unknown> => {
    const out: Record<string, unknown> = {};
    for (let i = 0; i < count; i++) {
      const key = String(value());
      out[key] = value();
    }
    return out;
  };
  const u8 = () => view.getUint8(take(1));
  const u16 = () => view.getUint16(take(2));
  const u32 = () => view.getUint32(take(4));

  function value(): unknown {
    const tag = u8();
    if (tag < 0x80) return tag;
    if (tag < 0x90) return map(tag & 0x0f);
    if (tag < 0xa0) return array(tag & 0x0f);
    if (tag < 0xc0) return text(tag & 0x1f);
    if (tag >= 0xe0) return tag - 0x100;
    switch (tag) {
      case 0xc0: return null;
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xc4: return binary(u8());
      case 0xc5: return binary(u16());
      case 0xc6: return binary(u32());
      case 0xca: return view.getFloat32(take(4));
      case 0xcb: return view.getFloat64(take(8));
      case 0xcc: return u8();
      case 0xcd: return u16();
      case 0xce: return u32();
      case 0xcf: return Number(view.getBigUint64(take(8)));
      case 0xd0: return view.getInt8(take(1));
      case 0xd1: return view.getInt16(take(2));
      case 0xd2: return view.getInt32(take(4));
      case 0xd3: return Number(view.getBigInt64(take(8)));
      case 0xd9: return text(u8());
      case 0xda: return text(u16());
      case 0xdb: return text(u32());
      case 0xdc: return array(u16());
      case 0xdd: return array(u32());
      case 0xde: return map(u16());
      case 0xdf: return map(u32());
      default: throw new RangeError(`tag 0x${tag.toString(16)} is not one the protocol uses`);
    }
  }

  const result = value();
  if (at !== bytes.length) throw new RangeError(`${bytes.length - at} bytes after the message`);
  return result;
}

export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Command = { [key: string]: Value };

/** Encode a command. Numbers go as small integers or as doubles. */
export function encodeMsgpack(command: Command): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  const head = (small: number, most: number, large: number, count: number): void => {
    if (count <= most) out.push(small | count);
    else out.push(large, count >> 8, count & 0xff);
  };
  const text = (value: string): void => {
    const encoded = utf8Encoder.encode(value);
    head(0xa0, 31, 0xda, encoded.length);
    out.push(...encoded);
  };
  const number = (value: number): void => {
    if (Number.isInteger(value) && value >= -0x80000000 && value <= 0x7fffffff) {
      out.push(0xd2, (value >> 24) & 0xff, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
      return;
    }
    const double = new DataView(new ArrayBuffer(8));
    double.setFloat64(0, value);
    out.push(0xcb, ...new Uint8Array(double.buffer));
  };
  const any = (value: Value): void => {
    if (value === null) out.push(0xc0);
    else if (typeof value === "boolean") out.push(value ? 0xc3 : 0xc2);
    else if (typeof value === "number") number(value);
    else if (typeof value === "string") text(value);
    else if (Array.isArray(value)) {
      head(0x90, 15, 0xdc, value.length);
      value.forEach(any);
    } else {
      const entries = Object.entries(value);
      head(0x80, 15, 0xde, entries.length);
      for (const [key, item] of entries) {
        text(key);
        any(item);
      }
    }
  };

  any(command);
  return new Uint8Array(out);
}
