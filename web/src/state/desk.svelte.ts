/**
 * What the page knows, and what it asks the server to do.
 *
 * Lists that change rarely are reactive; the picture is not: it lives in typed arrays (`store`), and `pictureTick`
 * tells the table, at most four times a second, that it has moved on.
 */
import { remaining, span } from "../lib/format";
import { t } from "../i18n/index.svelte";
import { TrackStore } from "../picture/store";
import type { Command } from "../protocol/msgpack";
import type {
  AlarmRate, Alert, Caption, Claim, Duty, Finished, Hello, Message, Mode, Option, Order, Person, Proposal, Refused, Sensor, Status, Task, TrackDetails, Zone,
} from "../protocol/messages";
import { Link } from "../protocol/socket";
import { recordUpdate } from "./perf";
import { preferences } from "./preferences.svelte";
import { register } from "./register.svelte";
import { alertTone } from "./sound";

const TICK_MS = 250;
const CAPTIONS_KEPT = 1000;
/** How far the clock runs on between two messages before it waits for the server. */
const LONGEST_EXTRAPOLATION_MS = 1500;
/** A status is due every second; without one for this long the picture is stale, whatever the socket says. */
const LONGEST_SILENCE_MS = 3500;

export type PictureListener = (store: TrackStore) => void;

class Desk {
  readonly store = new TrackStore();
  hello: Hello | null = $state.raw(null);
  status: Status | null = $state.raw(null);
  alerts: Alert[] = $state.raw([]);
  alerts_utc_ns: number = $state(0);
  rate: AlarmRate | null = $state.raw(null);
  duty: Duty | null = $state.raw(null);
  proposals: Proposal[] = $state.raw([]);
  tasks: Task[] = $state.raw([]);
  claims: Claim[] = $state.raw([]);
  orders: Order[] = $state.raw([]);
  /** What people call a track, by its number. */
  names: ReadonlyMap<number, string> = $state.raw(new Map());
  captions: Caption[] = $state.raw([]);
  details: TrackDetails | null = $state.raw(null);
  details_utc_ns: number = $state(0);
  finished: Finished | null = $state.raw(null);
  refused: Refused | null = $state.raw(null);
  announcement: string = $state("");
  linkLost: boolean = $state(false);
  everOpen: boolean = $state(false);
  pictureAge_s: number = $state(0);
  pictureTick: number = $state(0);
  now_utc_ns: number = $state(0);
  selectedAlertId: string | null = $state(null);
  selectedTrackId: number | null = $state(null);
  chosenOptions: Record<string, string> = $state({});

  private link: Link | undefined;
  private pictureListeners: PictureListener[] = [];
  private knownAlerts = new Set<string>();
  private base_utc_ns = 0;
  private baseAt_ms = 0;
  private heardAt_ms = 0;
  private drawnVersion = -1;

  mode: Mode | "CONNECTING" = $derived(this.status?.mode ?? this.hello?.mode ?? "CONNECTING");
  people: Person[] = $derived(this.hello?.people ?? []);
  /** The site's sensors, those that have said where they stand and look as they say it. */
  sensors: Sensor[] = $derived.by(() => {
    const moved = new Map((this.status?.moved ?? []).map((sensor) => [sensor.id, sensor]));
    return (this.hello?.site.sensors ?? []).map((sensor) => moved.get(sensor.id) ?? sensor);
  });
  /** The zones of the moment looked at: as the register tells them, or as the site came with. */
  zones: Zone[] = $derived(register.listed ?? this.hello?.site.zones ?? []);
  past: boolean = $derived(this.status !== null && !this.status.following);
  /** Nothing can be decided on a picture that is not the present one. */
  locked: boolean = $derived(this.past || this.linkLost);
  openAlerts: Alert[] = $derived(this.alerts.filter((alert) => alert.state !== "cleared"));
  /** What waits for people's yes or no. */
  openProposals: Proposal[] = $derived(this.proposals.filter((proposal) => proposal.state === "proposed"));
  selectedAlert: Alert | null = $derived(this.alerts.find((alert) => alert.id === this.selectedAlertId) ?? null);
  selectedProposal: Proposal | null = $derived.by(() => {
    const of = this.proposals.filter((proposal) => proposal.alert_id === this.selectedAlertId);
    return of.find((proposal) => proposal.state === "proposed") ?? of.at(-1) ?? null;
  });
  selectedOption: Option | null = $derived.by(() => {
    const proposal = this.selectedProposal;
    if (proposal === null) return null;
    const wanted = proposal.chosen_option ?? this.chosenOptions[proposal.id] ?? proposal.approvals[0]?.option_id;
    return proposal.options.find((option) => option.id === wanted) ?? proposal.options[0] ?? null;
  });
  /** Tracks that some open alert is about. */
  alertedTracks: Set<number> = $derived(new Set(this.openAlerts.flatMap((alert) => alert.track_ids)));

  connect(url: string): void {
    this.link = new Link(url, {
      onMessage: (message, startedAt_ms) => this.receive(message, startedAt_ms),
      onOpen: () => {
        this.everOpen = true;
      },
      onLost: () => {
        this.linkLost = true;
      },
    });
    this.link.open();
    setInterval(() => this.tick(), TICK_MS);
  }

  onPicture(listener: PictureListener): () => void {
    this.pictureListeners.push(listener);
    return () => {
      this.pictureListeners = this.pictureListeners.filter((other) => other !== listener);
    };
  }

  private receive(message: Message, startedAt_ms: number): void {
    this.heardAt_ms = startedAt_ms;
    this.linkLost = false;
    switch (message.type) {
      case "picture":
        this.store.apply(message);
        this.setTime(message.time_utc_ns);
        for (const listener of this.pictureListeners) listener(this.store);
        recordUpdate(performance.now() - startedAt_ms);
        break;
      case "hello":
        this.hello = message;
        this.store.clear();
        this.captions = [];
        this.finished = null;
        this.setTime(message.start_utc_ns);
        if (!message.people.some((person) => person.id === preferences.watchPerson)) preferences.watchPerson = "";
        if (this.selectedTrackId !== null) this.send({ type: "select", track_id: this.selectedTrackId });
        break;
      case "status":
        this.status = message;
        this.setTime(message.time_utc_ns);
        break;
      case "alerts":
        this.rate = message.rate ?? null;
        this.receiveAlerts(message.alerts, message.time_utc_ns ?? this.base_utc_ns);
        break;
      case "proposals":
        this.proposals = message.proposals;
        break;
      case "tasks":
        this.tasks = message.tasks;
        break;
      case "duty":
        this.duty = message;
        break;
      case "claims":
        this.claims = message.claims;
        break;
      case "orders":
        this.orders = message.orders;
        this.names = new Map(message.names);
        break;
      case "caption":
        this.captions = [...this.captions.slice(-CAPTIONS_KEPT), message];
        break;
      case "track_details":
        if (message.id === this.selectedTrackId) {
          this.details = message;
          this.details_utc_ns = this.base_utc_ns;
        }
        break;
      case "finished":
        this.finished = message;
        break;
      case "refused":
        this.refused = message;
        break;
      case "permits":
      case "restrictions":
      case "zones":
        register.receive(message);
        break;
    }
  }

  private receiveAlerts(alerts: Alert[], time_utc_ns: number): void {
    this.alerts = alerts;
    this.alerts_utc_ns = time_utc_ns;
    const fresh = alerts.filter((alert) => !this.knownAlerts.has(alert.id) && alert.state !== "cleared");
    for (const alert of alerts) this.knownAlerts.add(alert.id);
    if (this.past) return;
    const first = fresh[0];
    if (first !== undefined) {
      const clock = first.breach_s === null ? "" : `${span(first.breach_s[0])} – ${span(first.breach_s[2])} ${t("toBreach")}`;
      this.announcement = t("newAlert", { title: first.title, clock });
      if (preferences.sound) alertTone();
    }
    const selectedIsOpen = this.openAlerts.some((alert) => alert.id === this.selectedAlertId);
    if (!selectedIsOpen && this.openAlerts[0] !== undefined) this.selectAlert(this.openAlerts[0].id);
  }

  private setTime(time_utc_ns: number): void {
    this.base_utc_ns = time_utc_ns;
    this.baseAt_ms = performance.now();
  }

  private tick(): void {
    const now_ms = performance.now();
    const silent_ms = this.heardAt_ms === 0 ? 0 : now_ms - this.heardAt_ms;
    this.pictureAge_s = Math.floor(silent_ms / 1000);
    if (silent_ms > LONGEST_SILENCE_MS) this.linkLost = true;
    const running = this.status?.playing === true && !this.linkLost;
    const ahead_ms = Math.min(now_ms - this.baseAt_ms, LONGEST_EXTRAPOLATION_MS);
    const now_utc_ns = this.base_utc_ns + (running ? ahead_ms * 1e6 * (this.status?.speed ?? 1) : 0);
    if (now_utc_ns !== this.now_utc_ns) this.now_utc_ns = now_utc_ns;
    if (this.store.version !== this.drawnVersion) {
      this.drawnVersion = this.store.version;
      this.pictureTick++;
    }
  }

  send(command: Command): void {
    this.link?.send(command);
  }

  selectAlert(id: string | null): void {
    this.selectedAlertId = id;
    const alert = this.alerts.find((one) => one.id === id);
    const track = alert === undefined ? null : this.leadOf(alert);
    if (track !== null) this.selectTrack(track);
  }

  selectTrack(trackId: number | null): void {
    if (trackId !== this.selectedTrackId) this.details = null;
    this.selectedTrackId = trackId;
    this.send({ type: "select", track_id: trackId });
  }

  /** Say no on the page itself when the server would have to. */
  refuseHere(command: string): boolean {
    if (this.past) this.refused = { type: "refused", command, why: t("notFromPast") };
    else if (preferences.watchPerson === "") this.refused = { type: "refused", command, why: t("choosePersonFirst") };
    else return false;
    return true;
  }

  acknowledge(alertId: string): void {
    this.ask({ type: "acknowledge", alert_id: alertId });
  }

  /** Send what the person on watch asks, under their name; returns whether it was sent. */
  ask(command: Command): boolean {
    if (this.refuseHere(String(command.type))) return false;
    this.send({ ...command, by: preferences.watchPerson });
    return true;
  }

  /** Look at a past moment as it was known then. A number holds a time to 256 ns: a millisecond on, what came then is in. */
  lookAt(time_utc_ns: number): void {
    this.send({ type: "seek", time_utc_ns: time_utc_ns + 1e6 });
  }

  /** Tell that a track is, or is not, another track or the one that claims an identity; returns whether it was sent. */
  tell(kind: "correlate" | "decorrelate", trackId: number, other: number | string, reason: string): boolean {
    if (this.refuseHere(kind)) return false;
    const what: Command = typeof other === "number" ? { other_track_id: other } : { claimed_id: other };
    this.send({ type: kind, track_id: trackId, ...what, by: preferences.watchPerson, reason });
    return true;
  }

  rename(trackId: number, name: string): boolean {
    if (this.refuseHere("rename")) return false;
    this.send({ type: "rename", track_id: trackId, name, by: preferences.watchPerson });
    return true;
  }

  lift(orderId: string): void {
    if (this.refuseHere("lift")) return;
    this.send({ type: "lift", order_id: orderId, by: preferences.watchPerson });
  }

  useAgain(sourceId: string, reason: string): boolean {
    if (this.refuseHere("use_again")) return false;
    this.send({ type: "use_again", source_id: sourceId, reason, by: preferences.watchPerson });
    return true;
  }

  grade(report: { sensor_id: string; sequence: number }, reliability: string, credibility: number): void {
    if (this.refuseHere("grade")) return;
    this.send({ type: "grade", ...report, reliability, credibility, by: preferences.watchPerson });
  }

  /** Send what the person on watch decides on a permit or a restriction; returns whether it was sent. */
  decide(command: Command, by: string = preferences.watchPerson): boolean {
    if (by === preferences.watchPerson && this.refuseHere(String(command.type))) return false;
    if (this.past || by === "") return false;
    this.send({ ...command, by });
    return true;
  }

  /** A ban round the selected track, or round the track of the selected alert, at once. */
  emergencyRing(): void {
    const trackId = (this.selectedAlert === null ? null : this.leadOf(this.selectedAlert)) ?? this.selectedTrackId;
    if (trackId === null) this.refused = { type: "refused", command: "emergency_ring", why: t("ringNeedsTrack") };
    else this.decide({ type: "emergency_ring", track_id: trackId, alert_id: this.selectedAlertId ?? "" });
  }

  /** A yes to the terms that are on the screen; each goes under an id of its own and counts once. */
  approve(proposal: Proposal, optionId: string, by: string, proof: string): void {
    const approval_id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    const terms_sha256 = proposal.terms_sha256 ?? "";
    this.send({ type: "approve", proposal_id: proposal.id, option_id: optionId, by, terms_sha256, approval_id, proof });
  }

  /** Of the tracks that an alert is about, the one that matters most: the server names it last. */
  leadOf(alert: Alert): number | null {
    return alert.members?.at(-1) ?? alert.track_ids.at(-1) ?? null;
  }

  assetName(assetId: string): string {
    return this.hello?.site.assets.find((asset) => asset.id === assetId)?.name ?? assetId;
  }

  /** "Grey one (T7)", or "T7" where nobody gave it a name. */
  trackName(trackId: number): string {
    const name = this.names.get(trackId);
    return name === undefined ? `T${trackId}` : `${name} (T${trackId})`;
  }

  nameOf(personId: string | null): string {
    return this.people.find((person) => person.id === personId)?.name ?? personId ?? "";
  }

  /** What is left until breach now, or null when it is not closing. */
  breachLeft(alert: Alert): [number, number, number] | null {
    return alert.breach_s === null ? null : remaining(alert.breach_s, this.alerts_utc_ns, this.now_utc_ns);
  }
}

export const desk = new Desk();
