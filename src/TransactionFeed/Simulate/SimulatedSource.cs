using System.Buffers;
using System.Text;
using PaymentSimulator;
using TransactionFeed.Input;

namespace TransactionFeed.Simulate;

/// <summary>The simulator as a source of transactions, for feeding an engine without a file in between.</summary>
internal sealed class SimulatedSource(Simulator simulator, long endTicks, Stream? labels) : IRecordSource
{
    private readonly ArrayBufferWriter<byte> _line = new(PaymentJson.LineBytesMax);
    private bool _isBegun;

    public ValueTask<TransactionRecord?> ReadAsync(CancellationToken stop)
    {
        var payment = simulator.Next();
        if (payment.TimestampTicks >= endTicks)
        {
            return ValueTask.FromResult<TransactionRecord?>(null);
        }

        WriteLabel(payment);
        _line.ResetWrittenCount();
        PaymentJson.Write(payment, _line);
        return ValueTask.FromResult<TransactionRecord?>(new TransactionRecord
        {
            TransactionId = payment.TransactionId,
            AccountId = payment.AccountId,
            EventTicks = payment.TimestampTicks,
            Payload = _line.WrittenSpan.ToArray(),
        });
    }

    private void WriteLabel(in SimulatedPayment payment)
    {
        if (labels is null)
        {
            return;
        }

        if (!_isBegun)
        {
            labels.Write(Encoding.ASCII.GetBytes(PaymentCsv.LabelHeader));
            _isBegun = true;
        }

        _line.ResetWrittenCount();
        PaymentCsv.WriteLabel(payment, _line);
        labels.Write(_line.WrittenSpan);
    }
}
