// One icon of Lucide by its file: its door leads to all of them, and what the first screen takes from a door is in the first load.
declare module '@lucide/vue/dist/esm/icons/*.mjs' {
  import type { LucideIcon } from '@lucide/vue'

  const icon: LucideIcon
  export default icon
}
