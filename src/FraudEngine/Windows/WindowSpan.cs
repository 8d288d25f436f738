using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>The events of one window, by their positions in its stream.</summary>
/// <param name="Included">The current transaction where it counts in the window; else null.</param>
/// <param name="Start">The first event in it.</param>
/// <param name="End">The one behind the last.</param>
/// <param name="IsForgotten">Whether some events of it may no longer be kept.</param>
/// <param name="Length">Its places in the stream's layout; -1 where it has none.</param>
internal readonly record struct WindowSpan(
    EventStream Stream, Transaction? Included, int Start, int End, bool IsForgotten, int Length, int Delay, int Field, int Counter, int DelayCounter, int Index);
