using System.Buffers;
using System.Text;
using PaymentSimulator;

namespace TransactionFeed.Simulate;

/// <summary>Writes simulated payments to a stream, and their labels to another.</summary>
internal sealed class PaymentWriter(Stream output, Stream? labels, PaymentFormat format)
{
    private const int BufferBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _payments = new(2 * BufferBytes);
    private readonly ArrayBufferWriter<byte> _labels = new(2 * BufferBytes);
    private long _count;
    private long _fraudCount;

    public long Count => Volatile.Read(ref _count);

    public long FraudCount => Volatile.Read(ref _fraudCount);

    /// <summary>Writes until <paramref name="count"/> payments are out, or one lies at or after <paramref name="endTicks"/>, or it is stopped.</summary>
    public void Run(Simulator simulator, long count, long endTicks, CancellationToken stop)
    {
        if (format == PaymentFormat.Csv)
        {
            output.Write(Encoding.ASCII.GetBytes(PaymentCsv.Header));
        }

        labels?.Write(Encoding.ASCII.GetBytes(PaymentCsv.LabelHeader));
        while (_count < count && !stop.IsCancellationRequested)
        {
            var payment = simulator.Next();
            if (payment.TimestampTicks >= endTicks)
            {
                break;
            }

            Write(payment);
            _count++;
            _fraudCount += payment.IsFraud ? 1 : 0;
            if (_payments.WrittenCount >= BufferBytes)
            {
                Flush();
            }
        }

        Flush();
    }

    private void Write(in SimulatedPayment payment)
    {
        if (format == PaymentFormat.Csv)
        {
            PaymentCsv.Write(payment, _payments);
        }
        else
        {
            PaymentJson.Write(payment, _payments);
        }

        if (labels is not null)
        {
            PaymentCsv.WriteLabel(payment, _labels);
        }
    }

    private void Flush()
    {
        output.Write(_payments.WrittenSpan);
        _payments.ResetWrittenCount();
        labels?.Write(_labels.WrittenSpan);
        _labels.ResetWrittenCount();
    }
}
