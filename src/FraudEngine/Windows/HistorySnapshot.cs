using System.Buffers;
using System.Buffers.Binary;
using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>
/// The binary form of a history: version (1 byte); kept time, fields and forgotten time; the number of events; then each event as the time
/// since the one before, the amount, and a number per text field: 0 for none, else one more than the text's number, with the text itself
/// (16 bytes) where it is a new one. All other numbers are <see cref="Varint"/>s. Fields are bits by <see cref="TransactionField"/>.
/// </summary>
internal static class HistorySnapshot
{
    private const byte Version = 1;
    private const int TextBytes = 16;
    private const ulong SignBit = 1UL << 63;
    private const long UnitsEnd = 10_000_000_000_000_000;

    public static void Write(EventHistory history, IBufferWriter<byte> output)
    {
        var layout = history.Plan.Layout;
        var columns = history.Columns;
        var numbers = new int[layout.TextFields.Length][];
        for (var field = 0; field < numbers.Length; field++)
        {
            numbers[field] = new int[columns.Texts[field].SymbolsEnd];
        }

        WriteHead(history, output);
        var given = new int[numbers.Length];
        var before = long.MinValue;
        for (var at = columns.First; at < columns.End; at++)
        {
            WriteNumber(output, (ulong)(columns.Ticks[at] - before));
            before = columns.Ticks[at];
            if (layout.HasAmount)
            {
                WriteNumber(output, (ulong)columns.Amounts[at]);
            }

            for (var field = 0; field < numbers.Length; field++)
            {
                WriteText(output, columns.Texts[field], at, numbers[field], ref given[field]);
            }
        }
    }

    public static EventHistory? Read(ReadOnlySpan<byte> snapshot, WindowPlan plan)
    {
        if (snapshot.IsEmpty)
        {
            throw new InvalidDataException("The snapshot is empty.");
        }

        if (snapshot[0] != Version)
        {
            return null;
        }

        snapshot = snapshot[1..];
        var keptTicks = Varint.Read(ref snapshot);
        var fields = Varint.Read(ref snapshot);
        var needed = FieldsOf(plan.Layout);
        if ((fields & needed) != needed || keptTicks < (ulong)plan.KeptTicks)
        {
            return null;
        }

        var history = new EventHistory(plan) { ForgottenTicks = (long)(Varint.Read(ref snapshot) ^ SignBit) };
        ReadEvents(ref snapshot, history, fields);
        return snapshot.IsEmpty ? history : throw new InvalidDataException("The snapshot is longer than its events.");
    }

    private static void WriteHead(EventHistory history, IBufferWriter<byte> output)
    {
        output.Write([Version]);
        WriteNumber(output, (ulong)history.Plan.KeptTicks);
        WriteNumber(output, FieldsOf(history.Plan.Layout));
        WriteNumber(output, (ulong)history.ForgottenTicks ^ SignBit);
        WriteNumber(output, (ulong)history.Count);
    }

    private static void WriteText(IBufferWriter<byte> output, TextColumn column, int at, int[] numbers, ref int given)
    {
        var symbol = column.Symbols[at];
        if (symbol == SymbolTable.None)
        {
            WriteNumber(output, 0);
            return;
        }

        if (numbers[symbol] > 0)
        {
            WriteNumber(output, (ulong)numbers[symbol]);
            return;
        }

        numbers[symbol] = ++given;
        WriteNumber(output, (ulong)given);
        var text = column.KeyOf(symbol);
        var bytes = output.GetSpan(TextBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, text.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], text.High);
        output.Advance(TextBytes);
    }

    private static void ReadEvents(ref ReadOnlySpan<byte> snapshot, EventHistory history, ulong fields)
    {
        var wanted = history.Plan.Layout.TextFields;
        Span<TextKey> texts = stackalloc TextKey[wanted.Length];
        var tables = new List<TextKey>[(int)TransactionField.Channel + 1];
        var count = Varint.Read(ref snapshot);
        var ticks = long.MinValue;
        for (ulong number = 0; number < count; number++)
        {
            ticks = Later(ticks, Varint.Read(ref snapshot));
            var amount = Has(fields, TransactionField.Amount) ? Varint.Read(ref snapshot) : 0;
            if (amount >= UnitsEnd)
            {
                throw new InvalidDataException("An amount is too large.");
            }

            for (var field = TransactionField.TransactionId; field <= TransactionField.Channel; field++)
            {
                if (Has(fields, field))
                {
                    var text = ReadText(ref snapshot, tables[(int)field] ??= []);
                    var place = wanted.AsSpan().IndexOf(field);
                    if (place >= 0)
                    {
                        texts[place] = text;
                    }
                }
            }

            history.Insert(ticks, (long)amount, texts);
        }
    }

    private static TextKey ReadText(ref ReadOnlySpan<byte> snapshot, List<TextKey> table)
    {
        var number = Varint.Read(ref snapshot);
        if (number <= (ulong)table.Count)
        {
            return number == 0 ? default : table[(int)number - 1];
        }

        if (number > (ulong)table.Count + 1 || snapshot.Length < TextBytes)
        {
            throw new InvalidDataException("A text is missing.");
        }

        var text = new TextKey(BinaryPrimitives.ReadUInt64LittleEndian(snapshot), BinaryPrimitives.ReadUInt64LittleEndian(snapshot[8..]));
        table.Add(text.IsNone ? throw new InvalidDataException("A text is empty.") : text);
        snapshot = snapshot[TextBytes..];
        return text;
    }

    private static long Later(long ticks, ulong by)
    {
        var left = (ulong)long.MaxValue - (ulong)ticks;
        return by <= left && (by > 0 || ticks > long.MinValue) ? (long)((ulong)ticks + by) : throw new InvalidDataException("A time is outside all time.");
    }

    private static ulong FieldsOf(WindowLayout layout)
    {
        var fields = layout.HasAmount ? 1UL << (int)TransactionField.Amount : 0;
        foreach (var field in layout.TextFields)
        {
            fields |= 1UL << (int)field;
        }

        return fields;
    }

    private static bool Has(ulong fields, TransactionField field) => (fields & (1UL << (int)field)) != 0;

    private static void WriteNumber(IBufferWriter<byte> output, ulong value) => output.Advance(Varint.Write(output.GetSpan(Varint.BytesMax), value));
}
