export declare const BUNDLE: string;
export declare const SOURCES: string;
export declare function isFresh(folder: string, line: readonly string[]): boolean;
