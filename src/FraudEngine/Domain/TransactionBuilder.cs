using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Unicode;

namespace FraudEngine.Domain;

/// <summary>
/// Fills a <see cref="Domain.Transaction"/> field by field and checks each. Reusable: <see cref="Start"/> begins the next one.
/// Every setter takes the field's text as UTF-8 and says what is wrong with it; a wrong field leaves the transaction unusable.
/// </summary>
public sealed class TransactionBuilder
{
    private const int E7Decimals = 7;

    // Neither a port in brackets nor a zone is part of an address.
    private static readonly SearchValues<byte> AddressCharactersV4 = SearchValues.Create("0123456789."u8);
    private static readonly SearchValues<byte> AddressCharactersV6 = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    private Transaction _transaction = new();
    private int _given;

    /// <summary>Begins to fill <paramref name="transaction"/>, whatever it held before.</summary>
    public void Start(Transaction transaction)
    {
        _transaction = transaction;
        _transaction.Clear();
        _given = 0;
    }

    /// <summary>Whether the field was set since <see cref="Start"/>.</summary>
    public bool IsGiven(TransactionField field) => (_given & (1 << (int)field)) != 0;

    /// <summary>Counts a field as given though its value could not be read.</summary>
    public void MarkGiven(TransactionField field) => _given |= 1 << (int)field;

    /// <summary>The first required field, in the contract's order, that is not given and comes after <paramref name="after"/>; None where all are there.</summary>
    public TransactionField NextMissing(TransactionField after)
    {
        ReadOnlySpan<TransactionField> required = [TransactionField.TransactionId, TransactionField.AccountId, TransactionField.Timestamp, TransactionField.Amount];
        foreach (var field in required)
        {
            if (field > after && !IsGiven(field))
            {
                return field;
            }
        }

        return TransactionField.None;
    }

    /// <summary>Sets a field whose JSON type is string.</summary>
    public FieldProblem SetText(TransactionField field, ReadOnlySpan<byte> text)
    {
        if (!Claim(field))
        {
            return FieldProblem.GivenTwice;
        }

        switch (field)
        {
            case TransactionField.TransactionId:
            case TransactionField.AccountId:
            case TransactionField.MerchantId:
            case TransactionField.TerminalId:
            case TransactionField.DeviceId:
            case TransactionField.CounterpartyId:
                return SetChecked(field, text, CheckId(text));
            case TransactionField.IpAddress:
                return SetChecked(field, text, CheckIpAddress(text));
            case TransactionField.Currency:
                return SetChecked(field, text, IsCode(text, 3, 'A', 'Z') ? FieldProblem.None : FieldProblem.NotACurrency);
            case TransactionField.Country:
                return SetChecked(field, text, IsCode(text, 2, 'A', 'Z') ? FieldProblem.None : FieldProblem.NotACountry);
            case TransactionField.MerchantCategory:
                return SetChecked(field, text, IsCode(text, 4, '0', '9') ? FieldProblem.None : FieldProblem.NotAMerchantCategory);
            case TransactionField.Channel:
                _transaction.Channel = ChannelText.Read(text);
                return _transaction.Channel == Channel.None ? FieldProblem.NotAChannel : FieldProblem.None;
            case TransactionField.Timestamp:
                var problem = TimestampText.Read(text, out var ticks);
                _transaction.TimestampTicks = ticks;
                return problem;
            case TransactionField.None:
            case TransactionField.Amount:
            case TransactionField.Latitude:
            case TransactionField.Longitude:
                return FieldProblem.WrongType;
        }

        throw new ArgumentOutOfRangeException(nameof(field));
    }

    /// <summary>Sets a field whose JSON type is number, from the number's text.</summary>
    public FieldProblem SetNumber(TransactionField field, ReadOnlySpan<byte> text)
    {
        if (!Claim(field))
        {
            return FieldProblem.GivenTwice;
        }

        switch (field)
        {
            case TransactionField.Amount:
                var problem = MoneyText.Read(text, out var amount);
                _transaction.Amount = amount;
                return problem;
            case TransactionField.Latitude:
                problem = ReadDegrees(text, 90, out var latitude);
                _transaction.LatitudeE7 = latitude;
                return problem;
            case TransactionField.Longitude:
                problem = ReadDegrees(text, 180, out var longitude);
                _transaction.LongitudeE7 = longitude;
                return problem;
            default:
                return FieldProblem.WrongType;
        }
    }

    /// <summary>Ends the transaction. A currency that was not given becomes <paramref name="defaultCurrency"/>; half a position counts as none.</summary>
    public Transaction Finish(ReadOnlySpan<byte> defaultCurrency)
    {
        if (!IsGiven(TransactionField.Currency))
        {
            _transaction.SetText(TransactionField.Currency, defaultCurrency);
        }

        _transaction.HasPosition = IsGiven(TransactionField.Latitude) && IsGiven(TransactionField.Longitude);
        if (!_transaction.HasPosition)
        {
            _transaction.LatitudeE7 = 0;
            _transaction.LongitudeE7 = 0;
        }

        return _transaction;
    }

    private bool Claim(TransactionField field)
    {
        var isNew = !IsGiven(field);
        MarkGiven(field);
        return isNew;
    }

    private FieldProblem SetChecked(TransactionField field, ReadOnlySpan<byte> text, FieldProblem problem)
    {
        if (problem == FieldProblem.None)
        {
            _transaction.SetText(field, text);
        }

        return problem;
    }

    /// <summary>What is wrong with a text as an id: 1 to <see cref="Transaction.IdCharactersMax"/> printable characters.</summary>
    internal static FieldProblem CheckId(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return FieldProblem.Empty;
        }

        // The usual id: printable ASCII only.
        if (text.Length <= Transaction.IdCharactersMax && text.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0)
        {
            return FieldProblem.None;
        }

        return Utf8.IsValid(text) ? CheckRunes(text) : FieldProblem.InvalidUtf8;
    }

    private static FieldProblem CheckRunes(ReadOnlySpan<byte> text)
    {
        var count = 0;
        var isPrintable = true;
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var consumed);
            text = text[consumed..];
            count++;
            isPrintable &= !Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) is not (
                System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator
                or System.Globalization.UnicodeCategory.ParagraphSeparator or System.Globalization.UnicodeCategory.OtherNotAssigned
                or System.Globalization.UnicodeCategory.PrivateUse);
        }

        return !isPrintable ? FieldProblem.NotPrintable : count > Transaction.IdCharactersMax ? FieldProblem.TooLong : FieldProblem.None;
    }

    private static FieldProblem CheckIpAddress(ReadOnlySpan<byte> text)
    {
        const int addressBytesMax = 45;
        if (text.IsEmpty)
        {
            return FieldProblem.Empty;
        }

        var isV6 = text.Contains((byte)':');
        return text.Length <= addressBytesMax && text.IndexOfAnyExcept(isV6 ? AddressCharactersV6 : AddressCharactersV4) < 0
            && (isV6 || IsDottedQuad(text)) && IPAddress.IsValidUtf8(text)
            ? FieldProblem.None
            : FieldProblem.NotAnIpAddress;
    }

    /// <summary>IPAddress also takes "1", "1.2" and octal "010.1.2.3" for an address, as inet_aton did; the contract does not.</summary>
    private static bool IsDottedQuad(ReadOnlySpan<byte> text)
    {
        var parts = 0;
        foreach (var part in text.Split((byte)'.'))
        {
            parts++;
            if (text[part].Length > 1 && text[part][0] == '0')
            {
                return false;
            }
        }

        return parts == 4;
    }

    private static bool IsCode(ReadOnlySpan<byte> text, int length, char first, char last) =>
        text.Length == length && text.IndexOfAnyExceptInRange((byte)first, (byte)last) < 0;

    private static FieldProblem ReadDegrees(ReadOnlySpan<byte> text, int degreesMax, out int e7)
    {
        e7 = 0;
        if (text.Length > 40 || !Utf8Parser.TryParse(text, out decimal degrees, out var consumed) || consumed != text.Length)
        {
            return FieldProblem.OutOfRange;
        }

        if (Math.Abs(degrees) > degreesMax)
        {
            return FieldProblem.OutOfRange;
        }

        e7 = (int)(Math.Round(degrees, E7Decimals) * 10_000_000m);
        return FieldProblem.None;
    }
}
