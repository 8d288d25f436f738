using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>
/// Reads the windows of one history as one transaction sees them. One reader serves a whole shard; it allocates nothing.
/// Each value is computed when it is first asked for and kept until the next Begin.
/// </summary>
public sealed class WindowReader
{
    /// <summary>Reads as <paramref name="current"/> sees it: included, though it is not yet in the history.</summary>
    public void Begin(EventHistory history, Transaction current) => throw new NotImplementedException();

    /// <summary>Reads as of an instant, with no current transaction. Any instant; leaves no trace in the history.</summary>
    public void BeginAt(EventHistory history, long asOfTicks) => throw new NotImplementedException();

    /// <summary>The number in a slot: Count and Distinct as whole numbers, the others in currency units.</summary>
    public WindowStatus Number(int slot, out decimal value) => throw new NotImplementedException();

    public bool IsRead(int slot) => throw new NotImplementedException();

    /// <summary>The text in a slot of Last over a text field.</summary>
    public WindowStatus Text(int slot, out TextKey value) => throw new NotImplementedException();
}
