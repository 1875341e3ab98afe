// In the place of bases, hashes and codecs that no address and no peer id is written in (tools/instead.ts).

export {}
