using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using FraudEngine.Domain;

namespace FraudEngine.Entities;

/// <summary>
/// A decided transaction in bytes, as the journal keeps it: format, transaction, decision, window values, the model's
/// features. The account's id and the sequence number are the
/// journal's key and do not stand in it. The same event always gives the same bytes.
/// </summary>
public static class EntryCodec
{
    private const byte FormatWithoutLists = 1;
    private const byte FormatWithoutModel = 2;
    private const byte FormatWithoutTerms = 3;
    private const byte Format = 4;
    private const byte HasPosition = 1;

    /// <summary>What the account's terms made of a decision, in one number: the hold's outcome in the lowest bits, then these.</summary>
    private const ulong HeldMask = 3;
    private const ulong IsConfirmedPattern = 4;
    private const ulong HasActivity = 8;
    private const ulong HasTerms = 16;
    private const byte DecimalScaleMax = 28;

    public static void Write(IBufferWriter<byte> output, TransactionDecided decided)
    {
        WriteTransaction(output, decided.Transaction);
        WriteDecision(output, decided.Decision);
        WriteFeatures(output, decided.Features);
        WriteModelFeatures(output, decided.ModelFeatures);
    }

    /// <summary>Reads an entry into <paramref name="decided"/>. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public static void Read(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> accountId, long sequence, TransactionDecided decided)
    {
        decided.Sequence = sequence;
        var format = ReadTransaction(ref entry, accountId, decided.Transaction);
        ReadDecision(ref entry, format, decided.Decision);
        ReadFeatures(ref entry, decided.Features);
        decided.ModelFeatures.Clear();
        if (format >= FormatWithoutTerms)
        {
            ReadModelFeatures(ref entry, decided.ModelFeatures);
        }
    }

    /// <summary>Whether an entry of the journal is a transaction, and not a label or a change.</summary>
    public static bool IsTransaction(ReadOnlySpan<byte> entry) => !LabelCodec.IsLabel(entry) && !ChangeCodec.IsChange(entry);

    /// <summary>Reads only the transaction of an entry.</summary>
    public static void ReadTransaction(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> accountId, Transaction transaction) =>
        ReadTransaction(ref entry, accountId, transaction);

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
        if (entry.Length < 19 || entry[0] is not (Format or FormatWithoutTerms or FormatWithoutModel or FormatWithoutLists))
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

    /// <summary>Writes a decision as an entry has it.</summary>
    internal static void WriteDecision(IBufferWriter<byte> output, Decision decision)
    {
        output.Write([(byte)decision.Outcome]);
        Varint.Write(output, (ulong)decision.Score.Billionths);
        Varint.Write(output, (ulong)decision.RuleSetNumber);
        Varint.Write(output, (ulong)decision.ListsVersion);
        WriteRules(output, decision.Hits);
        WriteRules(output, decision.Errors);
        Varint.Write(output, (ulong)decision.Unanswered);
        Varint.Write(output, (ulong)decision.ModelNumber);
        WriteRules(output, decision.ModelReasons);
        WriteTerms(output, decision);
    }

    /// <summary>One byte for an account for which nothing stands.</summary>
    private static void WriteTerms(IBufferWriter<byte> output, Decision decision)
    {
        var flags = (ulong)decision.Held
            | (decision.IsConfirmedPattern ? IsConfirmedPattern : 0)
            | (decision.Activity.IsEmpty ? 0 : HasActivity)
            | (decision.TermsSequence == 0 ? 0 : HasTerms);
        Varint.Write(output, flags);
        if ((flags & HasTerms) != 0)
        {
            Varint.Write(output, (ulong)decision.TermsSequence);
        }

        if ((flags & HasActivity) != 0)
        {
            WriteRules(output, decision.Activity);
        }
    }

    private static void WriteRules(IBufferWriter<byte> output, ReadOnlySpan<ushort> rules)
    {
        Varint.Write(output, (ulong)rules.Length);
        foreach (var rule in rules)
        {
            Varint.Write(output, rule);
        }
    }

    /// <summary>Reads what <see cref="WriteDecision"/> has written.</summary>
    internal static void ReadDecision(ref ReadOnlySpan<byte> source, Decision decision) => ReadDecision(ref source, Format, decision);

    private static void ReadDecision(ref ReadOnlySpan<byte> entry, byte format, Decision decision)
    {
        decision.Clear();
        decision.Outcome = (Outcome)Varint.Read(ref entry);
        decision.Score = new Score((int)Varint.Read(ref entry));
        decision.RuleSetNumber = (int)Varint.Read(ref entry);
        decision.ListsVersion = format == FormatWithoutLists ? 0 : (long)Varint.Read(ref entry);
        for (var left = Varint.ReadCount(ref entry); left > 0; left--)
        {
            decision.AddHit((int)Varint.Read(ref entry));
        }

        for (var left = Varint.ReadCount(ref entry); left > 0; left--)
        {
            decision.AddError((int)Varint.Read(ref entry));
        }

        if (format < FormatWithoutTerms)
        {
            return;
        }

        decision.Unanswered = (int)Varint.Read(ref entry);
        decision.ModelNumber = (int)Varint.Read(ref entry);
        for (var left = Varint.ReadCount(ref entry); left > 0; left--)
        {
            decision.AddModelReason((int)Varint.Read(ref entry));
        }

        if (format == Format)
        {
            ReadTerms(ref entry, decision);
        }
    }

    private static void ReadTerms(ref ReadOnlySpan<byte> entry, Decision decision)
    {
        var flags = Varint.Read(ref entry);
        decision.Held = (flags & HeldMask) switch
        {
            (ulong)Outcome.None => Outcome.None,
            (ulong)Outcome.Review => Outcome.Review,
            (ulong)Outcome.Decline => Outcome.Decline,
            _ => throw new InvalidDataException("What a stored decision says of a hold is damaged."),
        };
        decision.IsConfirmedPattern = (flags & IsConfirmedPattern) != 0;
        decision.TermsSequence = (flags & HasTerms) == 0 ? 0 : (long)Varint.Read(ref entry);
        if ((flags & HasActivity) != 0)
        {
            for (var left = Varint.ReadCount(ref entry); left > 0; left--)
            {
                decision.AddActivity((int)Varint.Read(ref entry));
            }
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

    private static void WriteModelFeatures(IBufferWriter<byte> output, ModelFeatures features)
    {
        Varint.Write(output, (ulong)features.Values.Length);
        output.Write(MemoryMarshal.AsBytes(features.Values));
    }

    private static void ReadModelFeatures(ref ReadOnlySpan<byte> entry, ModelFeatures features)
    {
        var bytes = (long)Varint.Read(ref entry) * sizeof(float);
        if (bytes > entry.Length)
        {
            throw new InvalidDataException("The features of a journal entry are cut off.");
        }

        MemoryMarshal.Cast<byte, float>(entry[..(int)bytes]).CopyTo(features.Set((int)bytes / sizeof(float)));
        entry = entry[(int)bytes..];
    }
}
