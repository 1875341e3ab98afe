// The skin tone that was chosen last, for as long as the page lives.

import { shallowRef } from 'vue'
import type { Tone } from './tone.ts'

export const chosenTone = shallowRef<Tone>(0)
