using System.Buffers;
using System.Buffers.Binary;
using FraudEngine.Domain;

namespace FraudEngine.Entities;

/// <summary>
/// A decided transaction in bytes, as the journal keeps it: format, transaction, decision, features. The account's id and the sequence number are the
/// journal's key and do not stand in it. The same event always gives the same bytes.
/// </summary>
public static class EntryCodec
{
    private const byte FormatWithoutLists = 1;
    private const byte Format = 2;
    private const byte HasPosition = 1;
    private const byte DecimalScaleMax = 28;

    public static void Write(IBufferWriter<byte> output, TransactionDecided decided)
    {
        WriteTransaction(output, decided.Transaction);
        WriteDecision(output, decided.Decision);
        WriteFeatures(output, decided.Features);
    }

    /// <summary>Reads an entry into <paramref name="decided"/>. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public static void Read(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> accountId, long sequence, TransactionDecided decided)
    {
        decided.Sequence = sequence;
        var hasLists = ReadTransaction(ref entry, accountId, decided.Transaction) != FormatWithoutLists;
        ReadDecision(ref entry, hasLists, decided.Decision);
        ReadFeatures(ref entry, decided.Features);
    }

    /// <summary>The event time of an entry's transaction, in UTC ticks.</summary>
    public static long EventTimeOf(ReadOnlySpan<byte> entry) => entry.Length < 11 ? throw new InvalidDataException("A journal entry is damaged.") : BinaryPrimitives.ReadInt64LittleEndian(entry[3..]);

    private static void WriteTransaction(IBufferWriter<byte> output, Transaction transaction)
    {
        var head = output.GetSpan(3 + 8 + 8);
        head[0] = Format;
        head[1] = transaction.HasPosition ? HasPosition : (byte)0;
        head[2] = (byte)transaction.Channel;
        BinaryPrimitives.WriteInt64LittleEndian(head[3..], transaction.TimestampTicks);
        var length = 11;
        if (transaction.HasPosition)
        {
            BinaryPrimitives.WriteInt32LittleEndian(head[length..], transaction.LatitudeE7);
            BinaryPrimitives.WriteInt32LittleEndian(head[(length + 4)..], transaction.LongitudeE7);
            length += 8;
        }

        output.Advance(length);
        Varint.Write(output, (ulong)transaction.Amount.Units);
        for (var field = TransactionField.TransactionId; field < TransactionField.Channel; field++)
        {
            if (field != TransactionField.AccountId)
            {
                var text = transaction.Text(field);
                Varint.Write(output, (ulong)text.Length);
                output.Write(text);
            }
        }
    }

    /// <summary>Returns the entry's format.</summary>
    private static byte ReadTransaction(ref ReadOnlySpan<byte> entry, ReadOnlySpan<byte> accountId, Transaction transaction)
    {
        if (entry.Length < 19 || entry[0] is not (Format or FormatWithoutLists))
        {
            throw new InvalidDataException("A journal entry is damaged or of a later version.");
        }

        var format = entry[0];
        transaction.Clear();
        transaction.HasPosition = (entry[1] & HasPosition) != 0;
        transaction.Channel = (Channel)entry[2];
        transaction.TimestampTicks = BinaryPrimitives.ReadInt64LittleEndian(entry[3..]);
        entry = entry[11..];
        if (transaction.HasPosition)
        {
            transaction.LatitudeE7 = BinaryPrimitives.ReadInt32LittleEndian(entry);
            transaction.LongitudeE7 = BinaryPrimitives.ReadInt32LittleEndian(entry[4..]);
            entry = entry[8..];
        }

        transaction.Amount = new Money((long)Varint.Read(ref entry));
        for (var field = TransactionField.TransactionId; field < TransactionField.Channel; field++)
        {
            if (field == TransactionField.AccountId)
            {
                transaction.SetText(field, accountId);
                continue;
            }

            var length = Varint.ReadCount(ref entry);
            transaction.SetText(field, entry[..length]);
            entry = entry[length..];
        }

        return format;
    }

    private static void WriteDecision(IBufferWriter<byte> output, Decision decision)
    {
        output.Write([(byte)decision.Outcome]);
        Varint.Write(output, (ulong)decision.Score.Billionths);
        Varint.Write(output, (ulong)decision.RuleSetNumber);
        Varint.Write(output, (ulong)decision.ListsVersion);
        WriteRules(output, decision.Hits);
        WriteRules(output, decision.Errors);
    }

    private static void WriteRules(IBufferWriter<byte> output, ReadOnlySpan<ushort> rules)
    {
        Varint.Write(output, (ulong)rules.Length);
        foreach (var rule in rules)
        {
            Varint.Write(output, rule);
        }
    }

    private static void ReadDecision(ref ReadOnlySpan<byte> entry, bool hasLists, Decision decision)
    {
        decision.Clear();
        decision.Outcome = (Outcome)Varint.Read(ref entry);
        decision.Score = new Score((int)Varint.Read(ref entry));
        decision.RuleSetNumber = (int)Varint.Read(ref entry);
        decision.ListsVersion = hasLists ? (long)Varint.Read(ref entry) : 0;
        for (var left = Varint.ReadCount(ref entry); left > 0; left--)
        {
            decision.AddHit((int)Varint.Read(ref entry));
        }

        for (var left = Varint.ReadCount(ref entry); left > 0; left--)
        {
            decision.AddError((int)Varint.Read(ref entry));
        }
    }

    private static void WriteFeatures(IBufferWriter<byte> output, FeatureValues features)
    {
        Varint.Write(output, (ulong)features.Values.Length);
        Span<int> parts = stackalloc int[4];
        foreach (ref readonly var value in features.Values)
        {
            Varint.Write(output, ((ulong)value.Slot << 1) | (value.IsText ? 1UL : 0));
            if (value.IsText)
            {
                Varint.Write(output, value.Text.Low);
                Varint.Write(output, value.Text.High);
                continue;
            }

            decimal.GetBits(value.Number, parts);
            Varint.Write(output, (uint)parts[3] >> 16);
            Varint.Write(output, ((ulong)(uint)parts[1] << 32) | (uint)parts[0]);
            Varint.Write(output, (uint)parts[2]);
        }
    }

    private static void ReadFeatures(ref ReadOnlySpan<byte> entry, FeatureValues features)
    {
        features.Clear();
        for (var left = Varint.ReadCount(ref entry); left > 0; left--)
        {
            var slot = Varint.Read(ref entry);
            if ((slot & 1) != 0)
            {
                features.Add(new FeatureValue((int)(slot >> 1), true, 0, new TextKey(Varint.Read(ref entry), Varint.Read(ref entry))));
                continue;
            }

            var scale = (uint)Varint.Read(ref entry);
            if ((byte)scale > DecimalScaleMax)
            {
                throw new InvalidDataException("A stored number is damaged.");
            }

            var low = Varint.Read(ref entry);
            var high = (int)Varint.Read(ref entry);
            features.Add(new FeatureValue((int)(slot >> 1), false, new decimal((int)low, (int)(low >> 32), high, (scale & 0x8000) != 0, (byte)scale), default));
        }
    }
}
