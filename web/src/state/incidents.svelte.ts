/** Incidents as the server told them last. Asked for only while their panel is open: they are not the watch's picture. */
import { incidentApi, type Act, type Hit, type IncidentLine, type Shown } from "../incidents/api";
import { t } from "../i18n/index.svelte";
import { desk } from "./desk.svelte";
import { preferences } from "./preferences.svelte";

const AGAIN_MS = 3000;

class Incidents {
  lines: IncidentLine[] = $state.raw([]);
  shown: Shown | null = $state.raw(null);
  selectedId: string | null = $state(null);
  hits: Hit[] | null = $state.raw(null);
  query: string = $state("");
  loaded: boolean = $state(false);
  trouble: string = $state("");
  busy: boolean = $state(false);
  private timer: ReturnType<typeof setInterval> | undefined;

  /** Keep asking while the panel is open; returns how to stop. */
  watch(): () => void {
    void this.load();
    this.timer = setInterval(() => void this.load(), AGAIN_MS);
    return () => clearInterval(this.timer);
  }

  async load(): Promise<void> {
    try {
      this.lines = await incidentApi.lines();
      if (this.selectedId !== null) await this.fetchShown(this.selectedId);
      this.loaded = true;
      this.trouble = "";
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
      // Nothing comes of asking again where no case is kept.
      if (this.trouble.startsWith("Not Found")) clearInterval(this.timer);
    }
  }

  async select(id: string | null): Promise<void> {
    this.selectedId = id;
    this.shown = null;
    if (id !== null) await this.load();
  }

  async search(): Promise<void> {
    if (this.query.trim() === "") {
      this.hits = null;
      return;
    }
    await this.attempt("search", async () => {
      this.hits = await incidentApi.search(this.query);
    });
  }

  /** Do something as whoever is on watch; returns whether it was done. What was refused is shown as every refusal is. */
  async act(act: Act): Promise<boolean> {
    return this.asWatch(String(act.act), async (by) => {
      const done = await incidentApi.act({ ...act, by });
      if (act.act !== "merge" || this.selectedId !== done.incident_id) this.selectedId = done.incident_id;
    });
  }

  async handIn(id: string, file: File, reason: string): Promise<boolean> {
    return this.asWatch("media", async (by) => {
      await incidentApi.hand_in(id, file, by, reason);
    });
  }

  private async asWatch(what: string, work: (by: string) => Promise<void>): Promise<boolean> {
    const by = preferences.watchPerson;
    if (by === "") {
      desk.refused = { type: "refused", command: what, why: t("choosePersonFirst") };
      return false;
    }
    const done = await this.attempt(what, () => work(by));
    if (done) await this.load();
    return done;
  }

  private async attempt(what: string, work: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    try {
      await work();
      return true;
    } catch (error) {
      desk.refused = { type: "refused", command: what, why: error instanceof Error ? error.message : String(error) };
      return false;
    } finally {
      this.busy = false;
    }
  }

  private async fetchShown(id: string): Promise<void> {
    const shown = await incidentApi.one(id);
    if (this.selectedId === id) this.shown = shown;
  }
}
export const incidents = new Incidents();
