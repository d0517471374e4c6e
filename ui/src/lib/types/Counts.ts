export type Counts = { accepted: number, refused: number, cannot_tell: number, };
