using System.Buffers;
using System.Buffers.Binary;
using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>
/// The binary form of a history: version (1 byte); kept time; the number of streams; then each stream, that of all transactions first. A stream is its
/// filter, as the 16 bytes of its text's <see cref="TextKey"/> (not for the first); fields and forgotten time; the number of events; then each event as
/// the time since the one before, its id (8 bytes), the amount, the position (0 for none, else one more than the latitude from the south pole, then the longitude from its
/// western end), and a number per text field: 0 for none, else one more than the text's number in this stream, with the text itself (16 bytes) where it
/// is a new one. Where there are ids, in front of the events and behind each known fraud stands how many events further on the next one is, 0 where there is
/// no other. All other numbers are <see cref="Varint"/>s. Fields are bits by <see cref="TransactionField"/>, Latitude for the position,
/// <see cref="StreamLayout.Labels"/> for ids and frauds. Version 2 has none of those, and is still written where no window looks at labels, so that engines
/// from before can read it. Version 1 has one stream, does not say so, and knows no positions.
/// </summary>
internal static class HistorySnapshot
{
    public const byte VersionOfOneStream = 1;
    public const byte VersionWithoutLabels = 2;
    public const byte Version = 3;

    /// <summary>Turns a time into an unsigned number of the same order.</summary>
    public const ulong SignBit = 1UL << 63;

    public const int TextBytes = 16;
    public const int IdBytes = sizeof(ulong);

    public static void Write(EventHistory history, IBufferWriter<byte> output)
    {
        var streams = history.Plan.Streams;
        output.Write([Array.Exists(streams, stream => stream.HasLabels) ? Version : VersionWithoutLabels]);
        Varint.Write(output, (ulong)history.Plan.KeptTicks);
        Varint.Write(output, (ulong)streams.Length);
        for (var number = 0; number < streams.Length; number++)
        {
            if (streams[number].Filter is { } filter)
            {
                WriteKey(output, TextKey.Of(filter.Text));
            }

            WriteStream(output, history.Stream(number));
        }
    }

    private static void WriteStream(IBufferWriter<byte> output, EventStream stream)
    {
        var layout = stream.Layout;
        var columns = stream.Columns;
        Varint.Write(output, layout.Fields);
        Varint.Write(output, (ulong)stream.ForgottenTicks ^ SignBit);
        Varint.Write(output, (ulong)stream.Count);
        var numbers = new int[layout.TextFields.Length][];
        for (var field = 0; field < numbers.Length; field++)
        {
            numbers[field] = new int[columns.Texts(field).SymbolsEnd];
        }

        var given = new int[numbers.Length];
        WriteNextFraud(output, stream, columns.First - 1);
        var before = long.MinValue;
        for (var at = columns.First; at < columns.End; at++)
        {
            Varint.Write(output, (ulong)(columns.TicksAt(at) - before));
            before = columns.TicksAt(at);
            if (layout.HasLabels)
            {
                WriteId(output, columns.IdAt(at));
            }

            if (layout.HasAmount)
            {
                Varint.Write(output, (ulong)columns.AmountAt(at));
            }

            if (layout.HasPosition)
            {
                WritePosition(output, columns.PositionAt(at));
            }

            for (var field = 0; field < numbers.Length; field++)
            {
                WriteText(output, columns, field, at, numbers[field], ref given[field]);
            }

            if (stream.IsFraud(at))
            {
                WriteNextFraud(output, stream, at);
            }
        }
    }

    private static void WriteNextFraud(IBufferWriter<byte> output, EventStream stream, int from)
    {
        if (stream.Layout.HasLabels)
        {
            var next = stream.Index(stream.Layout.LabelIndex).FirstFrom(from + 1);
            Varint.Write(output, next < 0 ? 0 : (ulong)(next - from));
        }
    }

    private static void WriteId(IBufferWriter<byte> output, ulong id)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(IdBytes), id);
        output.Advance(IdBytes);
    }

    private static void WritePosition(IBufferWriter<byte> output, GeoPosition position)
    {
        if (position.IsNone)
        {
            Varint.Write(output, 0);
            return;
        }

        Varint.Write(output, (ulong)((long)position.LatitudeE7 + GeoPosition.LatitudeMax + 1));
        Varint.Write(output, (ulong)((long)position.LongitudeE7 + GeoPosition.LongitudeMax));
    }

    private static void WriteText(IBufferWriter<byte> output, EventColumns columns, int field, int at, int[] numbers, ref int given)
    {
        var symbol = columns.SymbolAt(field, at);
        if (symbol == SymbolTable.None)
        {
            Varint.Write(output, 0);
            return;
        }

        if (numbers[symbol] > 0)
        {
            Varint.Write(output, (ulong)numbers[symbol]);
            return;
        }

        numbers[symbol] = ++given;
        Varint.Write(output, (ulong)given);
        WriteKey(output, columns.Texts(field).KeyOf(symbol));
    }

    private static void WriteKey(IBufferWriter<byte> output, TextKey key)
    {
        var bytes = output.GetSpan(TextBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, key.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], key.High);
        output.Advance(TextBytes);
    }
}
