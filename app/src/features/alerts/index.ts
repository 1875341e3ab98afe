// Door of what tells of messages. All of it comes later than the first screens.

export { sighted } from './in-sight.ts'
export { default as NotifyRow } from './NotifyRow.vue'
export { default as SoundRows } from './SoundRows.vue'
export { areSoundsOn, createBursts, soundOnce } from './sounds.ts'
export { useMeant } from './useMeant.ts'
