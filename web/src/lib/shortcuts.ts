/** The console's keys. None of them works while the operator types, nor with a modifier held. */
import { desk } from "../state/desk.svelte";
import { view } from "../state/view.svelte";

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=radio]), select, textarea, dialog *");
}

function step(by: number): void {
  const at = desk.alerts.findIndex((alert) => alert.id === desk.selectedAlertId);
  const next = desk.alerts[Math.min(desk.alerts.length - 1, Math.max(0, at + by))];
  if (next) desk.selectAlert(next.id);
}

export function shortcuts(event: KeyboardEvent, resetView: () => void): void {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const onButton = event.target instanceof HTMLElement && event.target.matches("button, a, input, [tabindex]");
  const onMap = event.target instanceof HTMLCanvasElement;
  const key = event.key.toLowerCase();
  const actions: Record<string, () => void> = {
    a: () => desk.selectedAlertId !== null && !event.repeat && desk.acknowledge(desk.selectedAlertId),
    t: () => view.toggleDrawer("tracks"),
    e: () => view.toggleDrawer("events"),
    s: () => view.toggleDrawer("sensors"),
    p: () => (view.phone ? view.open("permits") : view.toggleDrawer("permits")),
    z: () => (view.phone ? view.open("zones") : view.toggleDrawer("zones")),
    i: () => (view.phone ? view.open("incidents") : view.toggleDrawer("incidents")),
    x: () => !event.repeat && desk.emergencyRing(),
    c: () => (view.coverage = !view.coverage),
    f: () => (view.follow = !view.follow),
    r: resetView,
    n: () => desk.send({ type: "follow" }),
    "?": () => (view.help = true),
  };
  if (!onMap && !(event.target instanceof HTMLInputElement)) {
    actions.arrowdown = () => step(1);
    actions.arrowup = () => step(-1);
  }
  if (!onButton && (desk.hello?.can_control_time === true || desk.past)) {
    actions[" "] = () => desk.send({ type: desk.status?.playing === true ? "pause" : "play" });
  }
  if (/^[1-9]$/.test(key)) {
    const alert = desk.alerts[Number(key) - 1];
    if (alert) actions[key] = () => desk.selectAlert(alert.id);
  }
  const action = actions[key];
  if (action === undefined) return;
  event.preventDefault();
  action();
}
