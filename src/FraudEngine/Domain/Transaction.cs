using System.Buffers.Binary;
using System.Text;

namespace FraudEngine.Domain;

/// <summary>
/// One payment, checked. Its texts stand in one buffer of UTF-8, so that a transaction is two objects whatever it holds.
/// Filled by a <see cref="TransactionBuilder"/> only; whoever gets it from a pool must not keep it.
/// </summary>
public sealed class Transaction
{
    /// <summary>Characters allowed in an id.</summary>
    public const int IdCharactersMax = 64;

    internal const int TextFields = (int)TransactionField.Channel;

    private readonly (ushort Start, ushort Length)[] _texts = new (ushort, ushort)[TextFields + 1];
    private byte[] _buffer = new byte[96];
    private int _used;

    public ReadOnlySpan<byte> TransactionId => Text(TransactionField.TransactionId);

    public ReadOnlySpan<byte> AccountId => Text(TransactionField.AccountId);

    /// <summary>Event time: UTC ticks of 100 ns, as in <see cref="DateTime.Ticks"/>.</summary>
    public long TimestampTicks { get; internal set; }

    public Money Amount { get; internal set; }

    public Channel Channel { get; internal set; }

    /// <summary>Whether latitude and longitude are given.</summary>
    public bool HasPosition { get; internal set; }

    /// <summary>Degrees times 10^7 (a centimetre), positive to the north.</summary>
    public int LatitudeE7 { get; internal set; }

    /// <summary>Degrees times 10^7, positive to the east.</summary>
    public int LongitudeE7 { get; internal set; }

    /// <summary>The text of a field as UTF-8; empty where it is not given. Texts: the ids, ipAddress, currency, country, merchantCategory, channel.</summary>
    public ReadOnlySpan<byte> Text(TransactionField field)
    {
        if (field == TransactionField.Channel)
        {
            return ChannelText.Utf8(Channel);
        }

        var (start, length) = _texts[(int)field];
        return _buffer.AsSpan(start, length);
    }

    /// <summary>As <see cref="Text"/>, for places where speed does not matter.</summary>
    public string TextString(TransactionField field) => Encoding.UTF8.GetString(Text(field));

    /// <summary>Whether both say the same, so that one is a resend of the other.</summary>
    public bool ContentEquals(Transaction other)
    {
        for (var field = TransactionField.TransactionId; field < TransactionField.Channel; field++)
        {
            if (!Text(field).SequenceEqual(other.Text(field)))
            {
                return false;
            }
        }

        return TimestampTicks == other.TimestampTicks && Amount == other.Amount && Channel == other.Channel
            && HasPosition == other.HasPosition && LatitudeE7 == other.LatitudeE7 && LongitudeE7 == other.LongitudeE7;
    }

    /// <summary>A hash of all that <see cref="ContentEquals"/> compares, for those who can't keep the transaction itself.</summary>
    public ulong ContentHash(ulong seed)
    {
        Span<byte> rest = stackalloc byte[(2 * sizeof(long)) + (2 * sizeof(int)) + 2];
        BinaryPrimitives.WriteInt64LittleEndian(rest, TimestampTicks);
        BinaryPrimitives.WriteInt64LittleEndian(rest[8..], Amount.Units);
        BinaryPrimitives.WriteInt32LittleEndian(rest[16..], LatitudeE7);
        BinaryPrimitives.WriteInt32LittleEndian(rest[20..], LongitudeE7);
        rest[24] = (byte)Channel;
        rest[25] = HasPosition ? (byte)1 : (byte)0;
        var hash = Hash64.Of(rest, seed);
        for (var field = TransactionField.TransactionId; field < TransactionField.Channel; field++)
        {
            var text = Text(field);
            if (!text.IsEmpty)
            {
                hash = Hash64.Of(text, hash + (ulong)field);
            }
        }

        return hash;
    }

    /// <summary>Makes this one say what another says.</summary>
    internal void CopyFrom(Transaction other)
    {
        if (_buffer.Length < other._used)
        {
            _buffer = new byte[other._buffer.Length];
        }

        other._buffer.AsSpan(0, other._used).CopyTo(_buffer);
        other._texts.CopyTo(_texts, 0);
        _used = other._used;
        TimestampTicks = other.TimestampTicks;
        Amount = other.Amount;
        Channel = other.Channel;
        HasPosition = other.HasPosition;
        LatitudeE7 = other.LatitudeE7;
        LongitudeE7 = other.LongitudeE7;
    }

    internal void Clear()
    {
        Array.Clear(_texts);
        _used = 0;
        TimestampTicks = 0;
        Amount = default;
        Channel = Channel.None;
        HasPosition = false;
        LatitudeE7 = 0;
        LongitudeE7 = 0;
    }

    internal void SetText(TransactionField field, ReadOnlySpan<byte> text)
    {
        if (_used + text.Length > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_used + text.Length, _buffer.Length * 2));
        }

        text.CopyTo(_buffer.AsSpan(_used));
        _texts[(int)field] = ((ushort)_used, (ushort)text.Length);
        _used += text.Length;
    }
}
