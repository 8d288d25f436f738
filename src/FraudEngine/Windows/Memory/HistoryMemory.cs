namespace FraudEngine.Windows.Memory;

/// <summary>Where histories keep what grows with their events. Called by one thread at a time, as histories are.</summary>
public abstract class HistoryMemory
{
    /// <summary>Each block an array of its own, for histories that come and go: nothing has to be given back.</summary>
    public static HistoryMemory Heap { get; } = new HeapMemory();

    /// <summary>Takes a block, which has any content.</summary>
    /// <param name="bytes">Its length; at least 1.</param>
    /// <param name="start">Where in the returned array it begins.</param>
    public abstract byte[] Take(int bytes, out int start);

    /// <summary>Gives a block back that nothing reads or writes any more; does nothing where there is none (an empty array).</summary>
    public abstract void GiveBack(byte[] block, int start);

    private sealed class HeapMemory : HistoryMemory
    {
        public override byte[] Take(int bytes, out int start)
        {
            start = 0;
            return new byte[bytes];
        }

        public override void GiveBack(byte[] block, int start)
        {
        }
    }
}
