/** What the operator has opened and switched on: nothing of it is known to the server. */

export type Drawer = "none" | "tracks" | "events" | "sensors" | "permits" | "zones" | "incidents";
export type Tab = "alerts" | "decide" | "map" | "tracks" | "events" | "sensors" | "permits" | "zones" | "incidents";

const narrow = matchMedia("(max-width: 819px)");

class View {
  coverage: boolean = $state(false);
  zones: boolean = $state(true);
  follow: boolean = $state(false);
  drawer: Drawer = $state("none");
  tab: Tab = $state("alerts");
  help: boolean = $state(false);
  phone: boolean = $state(narrow.matches);

  constructor() {
    narrow.addEventListener("change", (event) => {
      this.phone = event.matches;
    });
  }

  /** Open a list that is a drawer on a wide page and a tab on a phone. */
  open(list: "permits" | "zones" | "incidents"): void {
    this.drawer = list;
    this.tab = list;
  }

  isOpen(list: "permits" | "zones" | "incidents"): boolean {
    return this.phone ? this.tab === list : this.drawer === list;
  }

  toggleDrawer(drawer: Drawer): void {
    this.drawer = this.drawer === drawer ? "none" : drawer;
  }
}
export const view = new View();
