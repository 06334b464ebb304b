/**
 * The picture as columns: one row per track, no object per track.
 *
 * Rows are dense; a track that goes leaves its row to the last one. Beside the protocol's columns the store keeps a
 * short trail of each track, a ring of `TRAIL_POINTS` positions at least `TRAIL_STEP_NS` apart.
 */
import { COLUMN_NAMES, COLUMN_TYPES, type ColumnName, type Columns, type Picture } from "../protocol/messages";

export const TRAIL_POINTS = 40;
const TRAIL_STEP_NS = 0.95e9;

function allocate(capacity: number): Columns {
  const columns = {} as Record<ColumnName, unknown>;
  for (const name of COLUMN_NAMES) columns[name] = new COLUMN_TYPES[name](capacity);
  return columns as Columns;
}

export class TrackStore {
  count = 0;
  capacity = 256;
  time_utc_ns = 0;
  /** Grows by one with every picture: what is drawn from the store compares it. */
  version = 0;
  columns: Columns = allocate(this.capacity);
  /** Longitude, latitude (1e-7 degrees) and height (dm) of past positions, TRAIL_POINTS per row. */
  trail = new Int32Array(this.capacity * TRAIL_POINTS * 3);
  trailLength = new Uint8Array(this.capacity);
  trailHead = new Uint8Array(this.capacity);
  private trailTime = new Float64Array(this.capacity);
  private rowOf = new Map<number, number>();

  row(trackId: number): number {
    return this.rowOf.get(trackId) ?? -1;
  }

  clear(): void {
    this.count = 0;
    this.rowOf.clear();
  }

  apply(picture: Picture): void {
    // Time that runs backwards is a jump in the timeline: trails would tie two moments together.
    if (picture.full) this.resetKeepingTrails(picture);
    for (let i = 0; i < picture.gone.length; i++) this.remove(picture.gone[i]!);
    const incoming = picture.columns;
    const rows = incoming.id.length;
    for (const name of COLUMN_NAMES) {
      if (incoming[name].length !== rows) {
        throw new RangeError(`${name} has ${incoming[name].length} rows, must have ${rows}`);
      }
    }
    const targets = new Int32Array(rows);
    for (let i = 0; i < rows; i++) targets[i] = this.rowFor(incoming.id[i]!);
    for (const name of COLUMN_NAMES) {
      const from = incoming[name];
      const to = this.columns[name];
      for (let i = 0; i < rows; i++) to[targets[i]!] = from[i]!;
    }
    for (let i = 0; i < rows; i++) this.extendTrail(targets[i]!, picture.time_utc_ns);
    this.time_utc_ns = picture.time_utc_ns;
    this.version++;
  }

  private resetKeepingTrails(picture: Picture): void {
    const jump_ns = picture.time_utc_ns - this.time_utc_ns;
    if (this.time_utc_ns === 0 || jump_ns < 0 || jump_ns > 5e9) {
      this.clear();
      return;
    }
    const staying = new Set(picture.columns.id);
    for (const id of [...this.rowOf.keys()]) if (!staying.has(id)) this.remove(id);
  }

  private rowFor(trackId: number): number {
    const known = this.rowOf.get(trackId);
    if (known !== undefined) return known;
    if (this.count === this.capacity) this.grow();
    const row = this.count++;
    this.rowOf.set(trackId, row);
    this.trailLength[row] = 0;
    this.trailHead[row] = 0;
    this.trailTime[row] = 0;
    return row;
  }

  private remove(trackId: number): void {
    const row = this.rowOf.get(trackId);
    if (row === undefined) return;
    this.rowOf.delete(trackId);
    const last = --this.count;
    if (row === last) return;
    for (const name of COLUMN_NAMES) this.columns[name][row] = this.columns[name][last]!;
    const span = TRAIL_POINTS * 3;
    this.trail.copyWithin(row * span, last * span, (last + 1) * span);
    this.trailLength[row] = this.trailLength[last]!;
    this.trailHead[row] = this.trailHead[last]!;
    this.trailTime[row] = this.trailTime[last]!;
    this.rowOf.set(this.columns.id[row]!, row);
  }

  private extendTrail(row: number, time_utc_ns: number): void {
    if (time_utc_ns - this.trailTime[row]! < TRAIL_STEP_NS) return;
    this.trailTime[row] = time_utc_ns;
    const head = this.trailHead[row]!;
    const at = (row * TRAIL_POINTS + head) * 3;
    this.trail[at] = this.columns.lon_e7[row]!;
    this.trail[at + 1] = this.columns.lat_e7[row]!;
    this.trail[at + 2] = this.columns.height_dm[row]!;
    this.trailHead[row] = (head + 1) % TRAIL_POINTS;
    if (this.trailLength[row]! < TRAIL_POINTS) this.trailLength[row]!++;
  }

  private grow(): void {
    const old = this.columns;
    this.capacity *= 2;
    this.columns = allocate(this.capacity);
    for (const name of COLUMN_NAMES) this.columns[name].set(old[name]);
    const widen = <A extends Int32Array | Uint8Array | Float64Array>(from: A, to: A): A => (to.set(from), to);
    this.trail = widen(this.trail, new Int32Array(this.capacity * TRAIL_POINTS * 3));
    this.trailLength = widen(this.trailLength, new Uint8Array(this.capacity));
    this.trailHead = widen(this.trailHead, new Uint8Array(this.capacity));
    this.trailTime = widen(this.trailTime, new Float64Array(this.capacity));
  }
}
