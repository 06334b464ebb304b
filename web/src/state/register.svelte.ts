/** Who may fly, as the server told it last, and what of it is selected or being drawn here. */
import type { DrawMode, Shape } from "../map/view";
import type { Permit, RegisterMessage, Restriction, Template, Zone } from "../protocol/messages";
import { shapeOf, withShape, type Draft } from "../zones/draft";

class Register {
  permits: Permit[] = $state.raw([]);
  restrictions: Restriction[] = $state.raw([]);
  templates: Template[] = $state.raw([]);
  /** Every zone, or null where the site's own are all there are. */
  listed: Zone[] | null = $state.raw(null);
  permitId: string | null = $state(null);
  restrictionId: string | null = $state(null);
  zoneId: string | null = $state(null);
  /** A restriction that is being made or amended here. */
  draft: Draft | null = $state(null);
  drawMode: DrawMode = $state("off");
  canDraw: boolean = $state(false);

  permit: Permit | null = $derived(this.permits.find((permit) => permit.id === this.permitId) ?? null);
  restriction: Restriction | null = $derived(this.restrictions.find((one) => one.id === this.restrictionId) ?? null);
  drawnShape: Shape | null = $derived(this.draft === null ? null : shapeOf(this.draft));

  receive(message: RegisterMessage): void {
    switch (message.type) {
      case "permits":
        this.permits = message.permits;
        break;
      case "restrictions":
        this.restrictions = message.restrictions;
        this.templates = message.templates;
        break;
      case "zones":
        this.listed = message.zones;
        break;
    }
  }

  selectRestriction(id: string | null): void {
    this.restrictionId = id;
    this.zoneId = null;
  }

  selectZone(id: string | null): void {
    this.zoneId = id;
    this.restrictionId = null;
  }

  startDraft(draft: Draft): void {
    this.draft = draft;
    this.restrictionId = null;
    this.zoneId = null;
  }

  dropDraft(): void {
    this.draft = null;
    this.drawMode = "off";
  }

  /** The map drew or deleted a shape. */
  shapeDrawn(shape: Shape | null): void {
    if (this.draft === null) return;
    this.draft = withShape(this.draft, shape);
    // A finished shape can be changed at once.
    if (shape !== null && this.drawMode !== "off") this.drawMode = "edit";
    if (shape === null && this.drawMode === "edit") this.drawMode = this.draft.kind;
  }
}
export const register = new Register();
