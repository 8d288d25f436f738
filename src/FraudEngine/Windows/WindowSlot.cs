namespace FraudEngine.Windows;

/// <summary>One window, the number of its stream, and its places in that stream's layout; -1 where it has none.</summary>
/// <param name="Length">Of its start, among the layout's lengths.</param>
/// <param name="Delay">Of its end, among them as well; -1 where it is not delayed.</param>
/// <param name="Counter">For Distinct among the layout's counters, for Same among the counts of its field.</param>
/// <param name="DelayCounter">For Same, that of its end.</param>
internal readonly record struct WindowSlot(WindowSpec Spec, int Stream, int Length, int Delay, int Field, int Counter, int DelayCounter, int Index);
