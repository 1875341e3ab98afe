// Door of the time after which messages of a chat go by themselves.

export { default as TimerRow } from './TimerRow.vue'
