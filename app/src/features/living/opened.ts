// The one that is open over the timeline. Its sheet is drawn beside the notes: in one it would take on its colours and its keys.

import { shallowRef } from 'vue'
import type { LivingDesk } from './useLiving.ts'

export const opened = shallowRef<LivingDesk>()
