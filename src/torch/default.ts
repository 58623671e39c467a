/** The floating dtype that goes without saying: of plain numbers, and of what integers become. */

let current: 'float32' | 'float64' = 'float32';

export const defaultFloat = (): 'float32' | 'float64' => current;

/** What torch.set_default_dtype sets. */
export function useDefaultFloat(name: 'float32' | 'float64'): void {
  current = name;
}
