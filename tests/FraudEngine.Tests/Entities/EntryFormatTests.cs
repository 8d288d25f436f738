using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Entities;
using FraudEngine.Tests.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Entities;

/// <summary>Entries and snapshots come back as they were written, those of earlier versions too.</summary>
public class EntryFormatTests
{
    private static readonly WindowPlan Plan = Given.Set("count(account, 1h) > 2").Windows;

    [Theory]
    [InlineData(0, Outcome.None, false, 0)]
    [InlineData(1, Outcome.Review, false, 0)]
    [InlineData(200, Outcome.Decline, true, 0)]
    [InlineData(1L << 40, Outcome.None, true, 3)]
    [InlineData(0, Outcome.None, false, 2)]
    public void A_decision_comes_back_with_what_stood_for_the_account(long sequence, Outcome held, bool isConfirmed, int activity)
    {
        var decided = Decided();
        decided.Decision.TermsSequence = sequence;
        decided.Decision.Held = held;
        decided.Decision.IsConfirmedPattern = isConfirmed;
        for (var i = 0; i < activity; i++)
        {
            decided.Decision.AddActivity(1_000 + i);
        }

        var bytes = Bytes(decided);
        var read = Read(bytes);
        Assert.Equal((sequence, held, isConfirmed, activity), (read.Decision.TermsSequence, read.Decision.Held, read.Decision.IsConfirmedPattern, read.Decision.Activity.Length));
        Assert.Equal(bytes, Bytes(read));
    }

    [Fact]
    public void An_entry_is_one_byte_longer_where_nothing_stands() => Assert.Equal(OldEntry(3).Length + 1, Bytes(Decided()).Length);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Entries_of_earlier_versions_are_read(byte format)
    {
        var read = Read(OldEntry(format));
        Assert.Equal("t1", read.Transaction.TextString(TransactionField.TransactionId));
        Assert.Equal((Outcome.Review, 5), (read.Decision.Outcome, read.Decision.RuleSetNumber));
        Assert.Equal([3, 4], read.Decision.Hits.ToArray());
        Assert.Equal(format == 1 ? 0 : 6, read.Decision.ListsVersion);
        Assert.Equal(format == 3 ? 8 : 0, read.Decision.ModelNumber);
        Assert.Equal(format == 3 ? [1.5f] : [], read.ModelFeatures.Values.ToArray());
        Assert.Equal([12.5m], read.Features.Values.ToArray().Select(static value => value.Number));
        Assert.Equal((0, Outcome.None, false, 0), (read.Decision.TermsSequence, read.Decision.Held, read.Decision.IsConfirmedPattern, read.Decision.Activity.Length));
    }

    [Fact]
    public void A_change_comes_back_as_it_was_written()
    {
        var changed = new AccountChanged
        {
            Change = AccountChange.Responded,
            Sequence = 12,
            By = "customer",
            Reason = "because: ß",
            AtTicks = 99,
            Response = AlertResponse.Denied,
            AnsweredSequence = 4,
            TransactionId = Encoding.UTF8.GetBytes("t4"),
            Terms = Terms(),
        };
        var bytes = new ArrayBufferWriter<byte>();
        ChangeCodec.Write(bytes, changed);
        Assert.True(ChangeCodec.IsChange(bytes.WrittenSpan));
        Assert.False(EntryCodec.IsTransaction(bytes.WrittenSpan));
        var read = ChangeCodec.Read(bytes.WrittenSpan, 12);
        Assert.Equal(
            (changed.Change, changed.Sequence, changed.By, changed.Reason, changed.AtTicks, changed.Response, changed.AnsweredSequence),
            (read.Change, read.Sequence, read.By, read.Reason, read.AtTicks, read.Response, read.AnsweredSequence));
        Assert.Equal(changed.TransactionId, read.TransactionId);
        AssertSame(changed.Terms, read.Terms);
    }

    [Fact]
    public void A_damaged_change_is_no_change()
    {
        var bytes = new ArrayBufferWriter<byte>();
        ChangeCodec.Write(bytes, new AccountChanged { Change = AccountChange.Held, Sequence = 1, Terms = Terms() });
        for (var length = 1; length < bytes.WrittenCount; length++)
        {
            Assert.Throws<InvalidDataException>(() => ChangeCodec.Read(bytes.WrittenSpan[..length], 1));
        }
    }

    [Fact]
    public void A_change_names_no_entity()
    {
        var bytes = new ArrayBufferWriter<byte>();
        ChangeCodec.Write(bytes, new AccountChanged { Change = AccountChange.Released, Sequence = 1 });
        var entities = new EntryEntities();
        entities.Read(Bytes(Decided()));
        Assert.False(entities.IdOf(EntityKind.Merchant).IsEmpty);
        entities.Read(bytes.WrittenSpan);
        Assert.All(EntityKinds.Visited, kind => Assert.True(entities.IdOf(kind).IsEmpty));
    }

    [Fact]
    public void A_snapshot_keeps_what_stands_and_those_of_earlier_versions_are_read()
    {
        var state = new AccountState(Plan) { Sequence = 9, Others = 2, Terms = Terms() };
        var bytes = new ArrayBufferWriter<byte>();
        state.WriteTo(bytes);
        var read = AccountState.ReadFrom(bytes.WrittenSpan, Plan)!;
        Assert.Equal((9, 7), (read.Sequence, read.Transactions));
        AssertSame(Terms(), read.Terms);
        AssertSame(Terms(), AccountState.ReadTermsFrom(bytes.WrittenSpan));

        // Serves another plan not, but says what stands.
        Assert.Null(AccountState.ReadFrom(bytes.WrittenSpan, Given.Set("sum(account.amount, 1d) > 2").Windows));

        // Format, sequence, others (of a later one), and all that follows.
        var none = new ArrayBufferWriter<byte>();
        new AccountState(Plan) { Sequence = 9 }.WriteTo(none);
        var rest = none.WrittenSpan[4..].ToArray();
        Assert.Equal((9, 7), Counts([2, 9, 2, .. rest]));
        Assert.Equal((9, 9), Counts([1, 9, .. rest]));

        static (long, long) Counts(byte[] snapshot)
        {
            var old = AccountState.ReadFrom(snapshot, Plan)!;
            Assert.Same(AccountTerms.None, old.Terms);
            return (old.Sequence, old.Transactions);
        }
    }

    private static AccountTerms Terms() => AccountTerms.None
        .WithHold(new AccountHold(Outcome.Decline, "analyst", "why", 55), 3)
        .WithPattern(new ConfirmedPattern(ConfirmedPattern.KeyOf(Given.Transaction("merchantId=a-merchant-with-a-long-name deviceId=d")), 77), 4)
        .WithActivity([new("above", -12.50m), new("abroad", null, "BE"), new("any")], 5);

    private static void AssertSame(AccountTerms expected, AccountTerms actual)
    {
        Assert.Equal((expected.Sequence, expected.Hold), (actual.Sequence, actual.Hold));
        Assert.Equal(expected.Patterns.AsEnumerable(), actual.Patterns);
        Assert.Equal(expected.Activity.AsEnumerable(), actual.Activity);
    }

    private static TransactionDecided Decided()
    {
        var decided = new TransactionDecided { Transaction = Given.Transaction("amount=10 merchantId=m1") };
        decided.Decision.Outcome = Outcome.Review;
        decided.Decision.Score = new Score(500_000_000);
        decided.Decision.RuleSetNumber = 5;
        decided.Decision.ListsVersion = 6;
        decided.Decision.AddHit(3);
        decided.Decision.AddHit(4);
        decided.Decision.ModelNumber = 8;
        decided.Decision.AddModelReason(1);
        decided.Features.Add(new FeatureValue(2, false, 12.5m, default));
        decided.ModelFeatures.Set(1)[0] = 1.5f;
        return decided;
    }

    private static byte[] Bytes(TransactionDecided decided)
    {
        var output = new ArrayBufferWriter<byte>();
        EntryCodec.Write(output, decided);
        return output.WrittenSpan.ToArray();
    }

    private static TransactionDecided Read(byte[] bytes)
    {
        var read = new TransactionDecided();
        EntryCodec.Read(bytes, "a1"u8, 1, read);
        return read;
    }

    /// <summary>The event of <see cref="Decided"/> as earlier versions wrote it: 1 without lists and model, 2 without model, 3 without what stood for the account.</summary>
    private static byte[] OldEntry(byte format)
    {
        var decided = Decided();
        var output = new ArrayBufferWriter<byte>();
        Put(format, 0, 0);
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(8), decided.Transaction.TimestampTicks);
        output.Advance(8);
        Varint.Write(output, (ulong)decided.Transaction.Amount.Units);
        for (var field = TransactionField.TransactionId; field < TransactionField.Channel; field++)
        {
            if (field != TransactionField.AccountId)
            {
                Varint.Write(output, (ulong)decided.Transaction.Text(field).Length);
                output.Write(decided.Transaction.Text(field));
            }
        }

        Put((byte)Outcome.Review);
        Varint.Write(output, 500_000_000);
        Put(format == 1 ? [5] : [5, 6]);

        // Hits and errors; entities that did not answer, the model and its reasons; one window.
        Put(2, 3, 4, 0);
        Put(format < 3 ? [] : [0, 8, 1, 1]);
        Put(1, 2 << 1, 1, 125, 0);
        if (format == 3)
        {
            Put(1);
            BinaryPrimitives.WriteSingleLittleEndian(output.GetSpan(4), 1.5f);
            output.Advance(4);
        }

        return output.WrittenSpan.ToArray();

        void Put(params byte[] bytes) => output.Write(bytes);
    }
}
