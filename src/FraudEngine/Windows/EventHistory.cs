using System.Buffers;
using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>The recent transactions of one entity, in the order of event time, with what the plan's windows need of them.</summary>
public sealed class EventHistory
{
    public EventHistory(WindowPlan plan) => Plan = plan;

    public WindowPlan Plan { get; }

    /// <summary>Transactions kept.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>The newest event time seen (the watermark), in UTC ticks; <see cref="long.MinValue"/> before the first.</summary>
    public long NewestTicks => throw new NotImplementedException();

    /// <summary>Whether a transaction of that event time is too old to be put in its place.</summary>
    public bool IsTooLate(long timestampTicks) => throw new NotImplementedException();

    /// <summary>Puts a transaction in its place: after all with the same or an earlier event time. It must not be too late.</summary>
    public void Add(Transaction transaction) => throw new NotImplementedException();

    /// <summary>Writes a snapshot.</summary>
    public void WriteTo(IBufferWriter<byte> output) => throw new NotImplementedException();

    /// <summary>Reads a snapshot; null where it was made for a plan that kept other fields, so that the history must be rebuilt from the journal.</summary>
    public static EventHistory? ReadFrom(ReadOnlySpan<byte> snapshot, WindowPlan plan) => throw new NotImplementedException();
}
