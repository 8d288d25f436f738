namespace FraudEngine.Windows;

/// <summary>One window, the number of its stream, and its places in that stream's layout; -1 where it has none.</summary>
internal readonly record struct WindowSlot(WindowSpec Spec, int Stream, int Length, int Field, int Counter, int Index);
