// Deutsch: was gesagt wird, wenn jemand anderes den Schlüssel einer Person haben könnte. Ein Teil von later.ts.

import type { LaterOf } from '../catalogue.ts'

export const alarm: LaterOf<'de'>['alarm'] = {
  what: 'Was tun?',
  lists: {
    title: 'Zwei Listen der Geräte von {name} widersprechen sich',
    lead: 'Jemand anderes hat vielleicht den Schlüssel von {name} und liest, was du hier schreibst.',
    first: 'Bis das geklärt ist, schreib hier nichts, was Fremde nicht lesen dürfen.',
    second: 'Frag {name} am Telefon oder persönlich, welche Geräte dazugehören, und vergleicht die Sicherheitsnummer.',
    third:
      'Ein fremdes Gerät kann {name} in den Einstellungen entfernen. Geht das nicht, blockiere {name} hier und trefft euch über einen neuen Link.',
  },
  listsMine: {
    title: 'Zwei Listen deiner eigenen Geräte widersprechen sich',
    lead: 'Jemand anderes hat vielleicht deinen Schlüssel und liest, was an dich geschrieben wird.',
    first: 'Sieh dir in den Einstellungen deine Geräte an und entferne jedes, das nicht deins ist.',
    second: 'Sag es am Telefon oder persönlich allen, mit denen du schreibst. Sie sehen das auch.',
    third: 'Hört es nicht auf, triff sie mit einem neuen Profil wieder: Wer deinen Schlüssel hat, lässt sich aus diesem nicht aussperren.',
  },
  fork: {
    title: 'Ein Gerät von {name} erzählt zwei verschiedene Geschichten',
    lead: 'Es wurde auf einen älteren Stand zurückgesetzt, oder jemand anderes benutzt eine Kopie davon.',
    first: 'Zweifelhaftes ist markiert. Bis das geklärt ist, schreib hier nichts, was Fremde nicht lesen dürfen.',
    second: 'Frag {name} am Telefon oder persönlich nach einer Sicherung, die eingespielt, oder einem Profil, das kopiert wurde.',
    third: 'War es keins von beiden, muss {name} das Gerät in den Einstellungen entfernen. Geht das nicht, blockiere {name} hier.',
  },
  forkMine: {
    title: 'Eins deiner Geräte erzählt zwei verschiedene Geschichten',
    lead: 'Es wurde auf einen älteren Stand zurückgesetzt, oder jemand anderes benutzt eine Kopie davon.',
    first: 'Hast du dort eine Sicherung eingespielt oder ein Profil kopiert, ist alles in Ordnung. Schließ eine der Kopien.',
    second: 'Hast du nichts davon getan, entferne das Gerät in den Einstellungen.',
    third: 'Sag es allen, mit denen du schreibst. Sie sehen das auch.',
  },
  proof: 'Kith bewahrt den Beweis auf. Ohne den Schlüssel kann ihn niemand herstellen.',
  compare: 'Sicherheitsnummer zeigen',
  done: 'Es ist geklärt: ausblenden',
  keep: 'Noch nicht',
}
