using System.Buffers.Binary;
using FraudEngine.Domain;
using FraudEngine.Windows.Memory;

namespace FraudEngine.Windows;

/// <summary>Reads what <see cref="HistorySnapshot"/> wrote, for the same plan or another.</summary>
internal static class HistorySnapshotReader
{
    private const long UnitsEnd = 10_000_000_000_000_000;

    public static EventHistory? Read(ReadOnlySpan<byte> snapshot, WindowPlan plan, HistoryMemory? memory)
    {
        if (snapshot.IsEmpty)
        {
            throw new InvalidDataException("The snapshot is empty.");
        }

        var version = snapshot[0];
        if (version is not (HistorySnapshot.Version or HistorySnapshot.VersionWithoutLabels or HistorySnapshot.VersionOfOneStream))
        {
            return null;
        }

        snapshot = snapshot[1..];
        if (Varint.Read(ref snapshot) < (ulong)plan.KeptTicks)
        {
            return null;
        }

        var history = new EventHistory(plan, memory);
        var isWhole = false;
        try
        {
            isWhole = ReadStreams(snapshot, history, version);
        }
        finally
        {
            if (!isWhole)
            {
                history.Release();
            }
        }

        return isWhole ? history : null;
    }

    /// <summary>Reads all streams; false where they do not serve the history's plan.</summary>
    private static bool ReadStreams(ReadOnlySpan<byte> snapshot, EventHistory history, byte version)
    {
        var plan = history.Plan;
        var left = version == HistorySnapshot.VersionOfOneStream ? 1 : Varint.ReadCount(ref snapshot);
        var found = new bool[plan.Streams.Length];
        for (var isFirst = true; left > 0; left--, isFirst = false)
        {
            var number = isFirst ? 0 : ReadStreamNumber(ref snapshot, plan);
            if (!ReadStream(ref snapshot, history, number))
            {
                return false;
            }

            if (number >= 0)
            {
                found[number] = found[number] ? throw new InvalidDataException("A filter stands twice in the snapshot.") : true;
            }
        }

        return snapshot.IsEmpty ? !found.Contains(false) : throw new InvalidDataException("The snapshot is longer than its events.");
    }

    /// <summary>The plan's number for the stream that comes next; -1 where the plan has no such filter.</summary>
    private static int ReadStreamNumber(ref ReadOnlySpan<byte> snapshot, WindowPlan plan)
    {
        var key = ReadKey(ref snapshot);
        return Array.FindIndex(plan.Streams, stream => stream.Filter is { } filter && TextKey.Of(filter.Text) == key);
    }

    /// <summary>Reads a stream into the history, or passes over it where its number is -1; false where it lacks a field that the plan needs.</summary>
    private static bool ReadStream(ref ReadOnlySpan<byte> snapshot, EventHistory history, int number)
    {
        var fields = Varint.Read(ref snapshot);
        var needed = number < 0 ? 0 : history.Plan.Streams[number].Fields;
        if ((fields & needed) != needed)
        {
            return false;
        }

        var forgotten = (long)(Varint.Read(ref snapshot) ^ HistorySnapshot.SignBit);
        var count = Varint.Read(ref snapshot);
        if (number >= 0 && (count > 0 || forgotten > long.MinValue))
        {
            history.StreamToFill(number).ForgottenTicks = forgotten;
        }

        ReadEvents(ref snapshot, history, number, fields, count);
        return true;
    }

    private static void ReadEvents(ref ReadOnlySpan<byte> snapshot, EventHistory history, int number, ulong fields, ulong count)
    {
        Span<TextKey> texts = stackalloc TextKey[StreamLayout.TextFieldsEnd];
        var tables = new List<TextKey>?[StreamLayout.TextFieldsEnd];
        var ticks = long.MinValue;
        var hasLabels = Has(fields, StreamLayout.Labels);
        var nextFraud = hasLabels ? ReadNextFraud(ref snapshot, count) : 0;
        for (; count > 0; count--)
        {
            ticks = Later(ticks, Varint.Read(ref snapshot));
            var id = hasLabels ? ReadId(ref snapshot) : 0;
            var amount = Has(fields, TransactionField.Amount) ? Varint.Read(ref snapshot) : 0;
            if (amount >= UnitsEnd)
            {
                throw new InvalidDataException("An amount is too large.");
            }

            var position = Has(fields, TransactionField.Latitude) ? ReadPosition(ref snapshot) : GeoPosition.None;
            for (var field = TransactionField.TransactionId; field <= TransactionField.Channel; field++)
            {
                if (Has(fields, field))
                {
                    texts[(int)field] = ReadText(ref snapshot, tables[(int)field] ??= []);
                }
            }

            var isFraud = nextFraud == 1;
            nextFraud = isFraud ? ReadNextFraud(ref snapshot, count - 1) : nextFraud - Math.Min(nextFraud, 1);
            if (number > 0 && ticks > history.NewestTicks)
            {
                throw new InvalidDataException("A transaction that passes a filter is newer than all.");
            }

            if (number >= 0)
            {
                history.Insert(number, new EventValues(ticks, (long)amount, position, texts, id, isFraud));
            }
        }
    }

    /// <summary>How many events further on the next known fraud is; 0 where there is no other.</summary>
    private static ulong ReadNextFraud(ref ReadOnlySpan<byte> snapshot, ulong left)
    {
        var next = Varint.Read(ref snapshot);
        return next <= left ? next : throw new InvalidDataException("A fraud is missing.");
    }

    private static ulong ReadId(ref ReadOnlySpan<byte> snapshot)
    {
        if (snapshot.Length < HistorySnapshot.IdBytes)
        {
            throw new InvalidDataException("An id is cut off.");
        }

        var id = BinaryPrimitives.ReadUInt64LittleEndian(snapshot);
        snapshot = snapshot[HistorySnapshot.IdBytes..];
        return id;
    }

    private static GeoPosition ReadPosition(ref ReadOnlySpan<byte> snapshot)
    {
        var latitude = Varint.Read(ref snapshot);
        if (latitude == 0)
        {
            return GeoPosition.None;
        }

        var longitude = Varint.Read(ref snapshot);
        return latitude - 1 <= 2 * (ulong)GeoPosition.LatitudeMax && longitude <= 2 * (ulong)GeoPosition.LongitudeMax
            ? new GeoPosition((int)((long)latitude - 1 - GeoPosition.LatitudeMax), (int)((long)longitude - GeoPosition.LongitudeMax))
            : throw new InvalidDataException("A position is outside the globe.");
    }

    private static TextKey ReadText(ref ReadOnlySpan<byte> snapshot, List<TextKey> table)
    {
        var number = Varint.Read(ref snapshot);
        if (number <= (ulong)table.Count)
        {
            return number == 0 ? default : table[(int)number - 1];
        }

        if (number > (ulong)table.Count + 1)
        {
            throw new InvalidDataException("A text is missing.");
        }

        var text = ReadKey(ref snapshot);
        table.Add(text);
        return text;
    }

    private static TextKey ReadKey(ref ReadOnlySpan<byte> snapshot)
    {
        if (snapshot.Length < HistorySnapshot.TextBytes)
        {
            throw new InvalidDataException("A text is cut off.");
        }

        var key = new TextKey(BinaryPrimitives.ReadUInt64LittleEndian(snapshot), BinaryPrimitives.ReadUInt64LittleEndian(snapshot[8..]));
        snapshot = snapshot[HistorySnapshot.TextBytes..];
        return key.IsNone ? throw new InvalidDataException("A text is empty.") : key;
    }

    private static long Later(long ticks, ulong by)
    {
        var left = (ulong)long.MaxValue - (ulong)ticks;
        return by <= left && (by > 0 || ticks > long.MinValue) ? (long)((ulong)ticks + by) : throw new InvalidDataException("A time is outside all time.");
    }

    private static bool Has(ulong fields, TransactionField field) => (fields & StreamLayout.Bit(field)) != 0;
}
