using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Windows.Memory;

namespace FraudEngine.Windows;

/// <summary>
/// The recent transactions of one entity, in the order of event time, with what the plan's windows need of them: a stream of all of them, and one
/// for each filter of the plan. The stream of all alone says what is the newest and what is too late.
/// </summary>
public sealed class EventHistory
{
    /// <summary>Null where nothing was added yet, as are those of filters that nothing has passed: an empty history takes next to no memory.</summary>
    private EventStream? _all;

    /// <summary>In the order of the plan's streams, without its first.</summary>
    private readonly EventStream?[] _filtered;
    private readonly HistoryMemory _memory;

    /// <param name="memory">Where it keeps its events; where that isn't the heap, whoever drops the history has to <see cref="Release"/> it or drop all that memory.</param>
    public EventHistory(WindowPlan plan, HistoryMemory? memory = null)
    {
        Plan = plan;
        _memory = memory ?? HistoryMemory.Heap;
        _filtered = plan.Streams.Length == 1 ? [] : new EventStream?[plan.Streams.Length - 1];
    }

    /// <summary>A history of which only what is newer than an event time, in UTC ticks, will be added.</summary>
    public static EventHistory After(WindowPlan plan, long forgottenTicks, HistoryMemory? memory = null)
    {
        var history = new EventHistory(plan, memory);
        for (var number = 0; number < plan.Streams.Length; number++)
        {
            history.StreamToFill(number).ForgottenTicks = forgottenTicks;
        }

        return history;
    }

    public WindowPlan Plan { get; }

    /// <summary>Transactions kept.</summary>
    public int Count => _all?.Count ?? 0;

    /// <summary>The newest event time seen (the watermark), in UTC ticks; <see cref="long.MinValue"/> before the first.</summary>
    public long NewestTicks => _all?.NewestTicks ?? long.MinValue;

    /// <summary>
    /// The newest event time that is no longer kept; <see cref="long.MinValue"/> where nothing is missing. A window without a filter that starts before
    /// it is not known. What is forgotten by age lies before every window that a transaction which is not too late can see.
    /// </summary>
    public long ForgottenTicks => _all?.ForgottenTicks ?? long.MinValue;

    /// <summary>The newest event time that is too old to be kept.</summary>
    public long ForgetUpTo => EventTime.Before(NewestTicks, Plan.KeptTicks);

    /// <summary>Whether a transaction of that event time is too old to be put in its place.</summary>
    public bool IsTooLate(long timestampTicks) => timestampTicks < EventTime.Before(NewestTicks, Plan.Settings.AllowedLatenessTicks);

    /// <summary>
    /// Puts a transaction in its place: after all with the same or an earlier event time. It must not be too late; one that is (from a journal
    /// written with other settings) is put in its place all the same, or forgotten at once.
    /// </summary>
    /// <param name="eventId">By which a label finds it; any number where no window looks at labels.</param>
    public void Add(Transaction transaction, ulong eventId = 0)
    {
        Span<TextKey> texts = stackalloc TextKey[StreamLayout.TextFieldsEnd];
        var values = new EventValues(transaction.TimestampTicks, transaction.Amount.Units, GeoPosition.Of(transaction), texts, eventId);
        var known = AddTexts(transaction, Plan.Streams[0], texts, 0);
        Insert(0, values);
        for (var number = 1; number <= _filtered.Length; number++)
        {
            var layout = Plan.Streams[number];
            if (layout.Filter!.Passes(transaction))
            {
                known = AddTexts(transaction, layout, texts, known);
                Insert(number, values);
            }
            else if (_filtered[number - 1] is { } stream)
            {
                stream.Forget(ForgetUpTo);
                stream.MakeRoom(0, _memory);
            }
        }
    }

    /// <summary>
    /// Sets what a transaction turned out to be, as often as that is found to be otherwise. Changes nothing where it was never added or is no longer kept, or
    /// where no window looks at labels.
    /// </summary>
    /// <param name="timestampTicks">Its event time.</param>
    /// <param name="eventId">As it was added with; of several with the same time and id each gets the label.</param>
    public void Label(long timestampTicks, ulong eventId, bool isFraud)
    {
        _all?.Label(timestampTicks, eventId, isFraud, _memory);
        foreach (var stream in _filtered)
        {
            stream?.Label(timestampTicks, eventId, isFraud, _memory);
        }
    }

    /// <summary>Writes a snapshot.</summary>
    public void WriteTo(IBufferWriter<byte> output) => HistorySnapshot.Write(this, output);

    /// <summary>
    /// Reads a snapshot; null where it was made for a plan that kept other fields, no labels, other filters' transactions or less time, so that the history
    /// must be rebuilt from the journal.
    /// </summary>
    /// <exception cref="InvalidDataException">It is not a whole snapshot.</exception>
    public static EventHistory? ReadFrom(ReadOnlySpan<byte> snapshot, WindowPlan plan, HistoryMemory? memory = null) => HistorySnapshotReader.Read(snapshot, plan, memory);

    /// <summary>
    /// The same history under another plan: every window shows what it would if all had been added under that plan. Made from memory alone, and leaves this
    /// one as it is. Null where this one does not keep what that plan needs (a field, positions, labels, a filter's transactions, a longer time, as many
    /// transactions), so that it must be rebuilt from the journal.
    /// </summary>
    public EventHistory? Rebuild(WindowPlan plan)
    {
        var rebuilt = new EventHistory(plan, _memory);
        if (Count == 0 && ForgottenTicks == long.MinValue)
        {
            return rebuilt;
        }

        if (plan.KeptTicks > Plan.KeptTicks)
        {
            return null;
        }

        var forgetUpTo = EventTime.Before(NewestTicks, plan.KeptTicks);
        for (var number = 0; number < plan.Streams.Length; number++)
        {
            var source = Plan.StreamOf(plan.Streams[number].Filter);
            if (source < 0 || !Stream(source).Serves(plan.Streams[number], NewestTicks))
            {
                rebuilt.Release();
                return null;
            }

            if (source == 0 ? _all is not null : _filtered[source - 1] is not null)
            {
                Stream(source).CopyTo(rebuilt.StreamToFill(number), forgetUpTo, _memory);
            }
        }

        return rebuilt;
    }

    /// <summary>Reads of the stream of all what the next transaction will need and what can be found at once, so that it is in the processor's cache.</summary>
    /// <returns>A number without a meaning, for which it is all read.</returns>
    public long TouchNear() => _all?.TouchNear() ?? 0;

    /// <summary>As <see cref="TouchNear"/>, which is called before, for what is found only by that.</summary>
    public long TouchFar() => _all?.TouchFar() ?? 0;

    /// <summary>Gives back all memory; nothing may be asked of it any more.</summary>
    public void Release()
    {
        _all?.Release(_memory);
        _all = null;
        foreach (ref var stream in _filtered.AsSpan())
        {
            stream?.Release(_memory);
            stream = null;
        }
    }

    /// <summary>A stream of the plan, to read.</summary>
    internal EventStream Stream(int number) => (number == 0 ? _all : _filtered[number - 1]) ?? Plan.Streams[number].Empty;

    /// <summary>A stream of the plan, to put something in.</summary>
    internal EventStream StreamToFill(int number) => number == 0 ? _all ??= new EventStream(Plan.Streams[0]) : _filtered[number - 1] ??= new EventStream(Plan.Streams[number]);

    /// <summary>Puts an event in a stream; in that of all before the others, for it tells the time.</summary>
    internal void Insert(int number, in EventValues values)
    {
        var stream = StreamToFill(number);
        stream.Insert(values, _memory);
        stream.Forget(ForgetUpTo);
    }

    /// <summary>Adds the texts that a stream keeps to those already known, and returns the bits of all that are.</summary>
    private static int AddTexts(Transaction transaction, StreamLayout layout, Span<TextKey> texts, int known)
    {
        foreach (var field in layout.TextFields)
        {
            if ((known & (1 << (int)field)) == 0)
            {
                texts[(int)field] = TextKey.Of(transaction.Text(field));
                known |= 1 << (int)field;
            }
        }

        return known;
    }
}
