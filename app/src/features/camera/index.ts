// Door of the camera: what it sees, for as long as a screen shows it.

export { default as TurnButton } from './TurnButton.vue'
export { toFault } from './fault.ts'
export type { CaptureFault } from './fault.ts'
export { useCamera } from './useCamera.ts'
