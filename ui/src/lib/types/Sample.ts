export type Sample = { index: number, name: string, file: string, };
