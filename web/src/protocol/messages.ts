/** The console protocol's messages (docs/console_protocol.md), as the page holds them once decoded. */

export type LonLat = [number, number];
export type Mode = "LIVE" | "REPLAY" | "SIMULATION";
export type Interval = [number, number, number];

export interface Ring { name: string; radius_m: number }
export interface Asset {
  id: string; name: string; kind: string; lat_deg: number; lon_deg: number;
  rings: Ring[]; footprint: LonLat[] | null;
}
export interface Zone {
  id: string; name: string; kind: "prohibited" | "restricted" | "conditional" | "open"; polygon: LonLat[];
  floor_m: number; ceiling_m: number; reference: "AGL" | "AMSL"; document: string;
  volumes?: Volume[]; source?: string; hours?: string; authority?: string; in_force?: boolean; restriction_id?: string | null;
}
export interface Sensor {
  id: string; name: string; kind: string; lat_deg: number; lon_deg: number;
  range_m: number; azimuth_from_deg: number; azimuth_to_deg: number;
}
export interface Site {
  name: string;
  origin: { lat_deg: number; lon_deg: number; height_hae_m: number };
  tiles: { url: string; attribution: string; terrain_url: string | null };
  assets: Asset[]; zones: Zone[]; sensors: Sensor[];
  extent_m?: number | null;
  time_zone?: string;
}
export interface Person { id: string; name: string; role: string; may_approve?: boolean; rights?: string[] }
export interface Hello {
  type: "hello"; protocol: number; mode: Mode; scenario: string | null; seed: number | null;
  start_utc_ns: number; end_utc_ns: number | null; site: Site;
  classes: string[]; standings: string[]; statuses: string[]; people: Person[]; can_control_time: boolean;
}

/** Every column, in the order and with the element type of the protocol. */
export const COLUMN_TYPES = {
  id: Int32Array, lon_e7: Int32Array, lat_e7: Int32Array, height_dm: Int32Array,
  course_cdeg: Uint16Array, speed_cmps: Uint16Array, climb_cmps: Int16Array,
  class_index: Uint8Array, standing_index: Uint8Array, status_index: Uint8Array, class_percent: Uint8Array,
  sigma_major_dm: Uint16Array, sigma_minor_dm: Uint16Array, sigma_bearing_deg: Uint8Array,
  priority_percent: Uint8Array,
} as const;
export type ColumnName = keyof typeof COLUMN_TYPES;
export type Columns = { [K in ColumnName]: InstanceType<(typeof COLUMN_TYPES)[K]> };
export const COLUMN_NAMES = Object.keys(COLUMN_TYPES) as ColumnName[];

export interface Picture { type: "picture"; time_utc_ns: number; full: boolean; gone: Int32Array; columns: Columns }

export interface TrackDetails {
  type: "track_details"; id: number; label: string; lines: string[];
  claims: DetailClaim[];
  class_percents?: number[];
  class_evidence?: { name: string; says: string; log_odds: number[] }[];
  standing_set_by?: string | null;
  airspace: Verdict;
  threat: { asset: string; aims_percent: number; breach_s: Interval | null; worst_case_s?: number | null; closest_approach_m: number } | null;
  history: [number, number, number, number][];
}
export type ClaimVerdict = "consistent" | "contradicted" | "untested";
/** One way in which a claim was tested. */
export interface ClaimCheck {
  kind: string; verdict: ClaimVerdict; because: string; value: number | null; unit: string; p_value: number | null;
}
export interface DetailClaim {
  source: string; claimed_id: string; verdict: ClaimVerdict; residual_m: number | null; p_value: number | null;
  because?: string; checks?: ClaimCheck[]; heard_by?: string[];
}
/** What may be said of a track's leave to fly, and which document says it. */
export interface Verdict {
  permission: string; reason: string; document: string;
  permit_probability?: number | null; failing?: string;
  candidates?: { permit_id: string; holder: string; probability: number; failing: string }[];
  cites?: { kind: "zone" | "restriction" | "permit"; id: string } | null;
}
export interface Claim {
  source: string; claimed_id: string; lon: number; lat: number; height_m: number; course_deg: number;
  matched_track: number | null; verdict: ClaimVerdict;
}
export type AlertState = "raised" | "acknowledged" | "assigned" | "shelved" | "escalated" | "cleared";
/** The four numbers, each 0 to 1, whose product is the priority. */
export interface Factors { unauthorised: number; aims_at_asset: number; breach_before_response: number; consequence: number }
export interface AlertStep { time_utc_ns: number; state: AlertState; by: string | null; because: string }
export interface AlarmRate { in_ten_minutes: number; most_in_ten_minutes: number; flooded: boolean }
export interface Alert {
  id: string; state: AlertState; title: string; track_ids: number[]; asset: string; priority: number;
  raised_utc_ns: number; breach_s: Interval | null; acknowledged_by: string | null; grounds: string[];
  cleared_because?: string | null; members?: number[]; group?: string | null; worst_case_s?: number | null;
  factors?: Factors | null; assigned_to?: string | null; shelved_by?: string | null; shelved_because?: string | null;
  shelved_until_utc_ns?: number | null; escalated_to?: string | null; came_back?: number; cleared_by?: string | null;
  history?: AlertStep[];
}
export interface DebrisContour { percent: number; polygon: LonLat[] }
export interface Option {
  id: string; name: string; layer: "soft" | "hard"; says: string; success_percent: number; delay_s: number;
  persons_expected: number | null; persons_error?: number | null; persons_at_most?: number | null; if_nothing?: string;
  debris: DebrisContour[]; rests_on?: string[]; results?: [string, number][];
}
/** What comes down at the asset if nothing is done. */
export interface IfNothing { persons_expected: number; persons_error: number; debris: DebrisContour[]; rests_on: string[] }
export interface Approval { by: string; role: string; time_utc_ns: number; option_id: string; proven_by?: string }
export type ProposalState = "proposed" | "approved" | "refused" | "expired" | "withdrawn" | "carried_out";
export interface Proposal {
  id: string; alert_id: string; state: ProposalState; simulated: boolean; expires_utc_ns: number;
  if_nothing: string; if_nothing_debris?: IfNothing | null; chosen_option: string | null; outcome: string | null;
  options: Option[]; approvals: Approval[]; approvals_needed: number; terms_sha256?: string;
  roles_needed?: string[]; roles_missing?: string[]; proposed_by?: string; because?: string; authority?: string;
  legal_basis?: string; posture?: string;
}
/** What a person told about a track, while it stands; `shown_track_id` is the number its track is shown under. */
export interface Order {
  id: string; kind: "correlate" | "decorrelate" | "rename"; track_id: number; shown_track_id: number;
  other_track_id: number | null; claimed_id: string | null; name: string | null; reason: string | null;
  by: string; time_utc_ns: number; says: string;
}
export interface Task {
  id: string; alert_id: string; text: string; owner: string; due_utc_ns: number;
  state: TaskState; done_by: string | null; asset?: string; opened_utc_ns?: number; done_utc_ns?: number | null;
  because?: string; taken_by?: string | null; called_off_because?: string | null; called_off_by?: string | null;
  told?: string | null; notes?: string[];
}
export type TaskState = "open" | "taken" | "done" | "overdue" | "called_off";
export interface PostureSource {
  level: number; name: string; because: string; source: "calendar" | "person"; set_by: string | null; until_utc_ns: number | null;
}
export interface Posture {
  level: number; name: string; because: string; since_utc_ns: number; set_by: string | null; until_utc_ns: number | null;
  sources: PostureSource[];
}
export interface Occupancy {
  asset: string; persons: number; principal: "present" | "away" | "unknown"; counts_as_present: boolean; sure_percent: number;
  since_utc_ns: number; until_utc_ns: number | null; set_by: string | null; reason: string | null;
}
export interface CalendarEntry {
  id: string; name: string; level: number; because: string; start_utc_ns: number; end_utc_ns: number; lead_in_s: number;
}
/** How watchful the site is, who is where, and what raises the posture next. */
export interface Duty {
  type: "duty"; posture: Posture | null; levels: { level: number; name: string }[]; occupancies: Occupancy[];
  calendar: CalendarEntry[];
}
export interface Caption {
  type: "caption"; time_utc_ns: number; text: string; kind: "narration" | "event";
  report?: { sensor_id: string; sequence: number } | null;
  /** When what it tells of happened, where it was told late. */
  about_utc_ns?: number | null;
}
export type SensorStateName =
  | "ok" | "stale" | "silent" | "unused" | "waiting" | "clock_wrong" | "noisy" | "swamped" | "flooding" | "stuck" | "quarantined";
/** How a sensor or feed is; what only live sources tell is null elsewhere. `says`: whole sentences of the server. */
export interface SensorState {
  id: string; state: SensorStateName; last_utc_ns: number | null; per_s: number; name: string; says: string[];
  heard: number | null; refused: number | null; lost: number | null; held_back: number | null;
  clock_offset_s: number | null; way_s: number | null; latency_ms: number | null;
}
export interface Status {
  type: "status"; time_utc_ns: number; mode: Mode; playing: boolean; speed: number; following: boolean;
  start_utc_ns: number; end_utc_ns: number | null; latest_utc_ns: number; sensors: SensorState[]; moved?: Sensor[];
  counts: { tracks: number; detections: number; rejected: number; log_entries: number }; light: "night" | "day";
}
export interface Finished { type: "finished"; summary: Record<string, unknown>; dossier_url: string | null }
export interface Refused { type: "refused"; command: string; why: string }

export type HeightReference = "AGL" | "AMSL" | "HAE" | "STD";
/** A volume: its first ring is the outline, the others holes; no floor is the surface, no ceiling none. */
export interface Volume {
  rings: LonLat[][]; circle: { lon: number; lat: number; radius_m: number } | null;
  floor_m: number | null; floor_reference: HeightReference; ceiling_m: number | null; ceiling_reference: HeightReference;
  start_utc_ns: number | null; end_utc_ns: number | null;
}
export interface Step { action: string; by: string; role: string; reason: string; time_utc_ns: number }
export interface Scope { volumes: Volume[]; start_utc_ns: number; end_utc_ns: number; says: string }
export type PermitState =
  | "draft" | "submitted" | "further_coordination" | "alternative_offered" | "auto_approved" | "approved" | "active"
  | "suspended" | "denied" | "withdrawn" | "revoked" | "expired" | "closed";
export type Priority = "police" | "medical" | "fire" | "state" | "commercial" | "hobby";
export interface Permit {
  id: string; state: PermitState; version: number; holder: string; priority: Priority; scope: Scope; serials: string[];
  operator_ids: string[]; purpose: string; category: string; uas_class: string; conditions: string[]; unlocks: string[];
  document: string; reason: string; contact: string; private: boolean;
  conflicts: { with_kind: "zone" | "restriction" | "permit"; with_id: string; because: string; start_utc_ns: number; end_utc_ns: number }[];
  alternative: Scope | null; steps: Step[]; made_utc_ns: number;
}
export interface Hours { weekdays: number[]; from_s: number | null; to_s: number | null }
export type RestrictionWord = "PROHIBITED" | "REQ_AUTHORISATION" | "CONDITIONAL" | "USPACE" | "NO_RESTRICTION";
export interface Restriction {
  id: string; state: "draft" | "signed" | "published" | "cancelled" | "expired"; version: number; title: string;
  restriction: RestrictionWord; volumes: Volume[]; reason: string; document: string; template: string;
  start_utc_ns: number | null; end_utc_ns: number | null; hours: Hours[]; time_zone: string; says: string; lead_in_s: number;
  emergency: boolean; lapses_utc_ns: number | null; incident_id: string; in_force: boolean;
  signatures: { by: string; time_utc_ns: number }[]; signatures_needed: number; steps: Step[];
}
export interface Template {
  id: string; name: string; restriction: RestrictionWord; floor_m: number | null; ceiling_m: number | null;
  reference: HeightReference; duration_s: number | null; lead_in_s: number; radius_m: number | null; reason: string;
}
export type RegisterMessage =
  | { type: "permits"; permits: Permit[] }
  | { type: "restrictions"; restrictions: Restriction[]; templates: Template[] }
  | { type: "zones"; zones: Zone[] | null };

export type Message =
  | RegisterMessage
  | Duty | Hello | Picture | TrackDetails | Caption | Status | Finished | Refused
  | { type: "claims"; claims: Claim[] }
  | { type: "alerts"; time_utc_ns?: number; alerts: Alert[]; rate?: AlarmRate }
  | { type: "proposals"; proposals: Proposal[] }
  | { type: "tasks"; tasks: Task[] }
  | { type: "orders"; orders: Order[]; names: [number, string][] };

/** View the little-endian bytes of one column as its typed array; copies only when they lie unaligned. */
export function viewColumn<K extends ColumnName>(name: K, bytes: Uint8Array): Columns[K] {
  const Type = COLUMN_TYPES[name];
  const size = Type.BYTES_PER_ELEMENT;
  if (bytes.byteLength % size !== 0) {
    throw new RangeError(`${name}: ${bytes.byteLength} bytes, must be a multiple of ${size}`);
  }
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new Type(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / size) as Columns[K];
}

function toNumbers(value: unknown): Uint8Array | number[] {
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value as number[];
  throw new TypeError(`a column is ${typeof value}, must be bytes or numbers`);
}

/** Make typed arrays of a decoded `picture`, whichever form of the protocol it came in. */
export function readPicture(raw: Record<string, unknown>): Picture {
  const rawColumns = (raw.columns ?? {}) as Record<string, unknown>;
  const columns = {} as Record<ColumnName, unknown>;
  for (const name of COLUMN_NAMES) {
    const found = toNumbers(rawColumns[name] ?? []);
    columns[name] = found instanceof Uint8Array ? viewColumn(name, found) : COLUMN_TYPES[name].from(found);
  }
  const gone = toNumbers(raw.gone ?? []);
  return {
    type: "picture",
    time_utc_ns: Number(raw.time_utc_ns),
    full: raw.full === true,
    gone: gone instanceof Uint8Array ? viewColumn("id", gone) : Int32Array.from(gone),
    columns: columns as Columns,
  };
}
