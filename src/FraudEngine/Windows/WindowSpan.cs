namespace FraudEngine.Windows;

/// <summary>The events of one window, by their positions.</summary>
/// <param name="Start">The first event in it.</param>
/// <param name="End">The one behind the last.</param>
/// <param name="IsForgotten">Whether some events of it may no longer be kept.</param>
/// <param name="Length">Its places in the plan's layout; -1 where it has none.</param>
internal readonly record struct WindowSpan(int Start, int End, bool IsForgotten, int Length, int Field, int Counter);
