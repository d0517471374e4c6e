export type LogView = { entries: number, writable: boolean, };
