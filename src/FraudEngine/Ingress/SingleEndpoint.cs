using System.Buffers;
using System.IO.Pipelines;
using FraudEngine.Domain;
using FraudEngine.Engine;
using Microsoft.Extensions.ObjectPool;

namespace FraudEngine.Ingress;

/// <summary><c>POST /v1/transactions</c> with one transaction: its decision is the answer.</summary>
internal sealed class SingleEndpoint(DecisionEngine engine, IngressSettings settings)
{
    private const int PooledMax = 1024;

    private readonly DefaultObjectPool<Exchange> _pool = new(new ExchangePolicy(System.Text.Encoding.ASCII.GetBytes(settings.DefaultCurrency)), PooledMax);

    public async Task Handle(HttpContext context)
    {
        var exchange = _pool.Get();
        var problem = await ReadAsync(context, exchange) ?? await DecideAsync(context, exchange.Reply);
        if (problem is null)
        {
            await WriteAsync(context, exchange);
        }
        else
        {
            await ProblemResponse.Write(context, problem);
        }

        // Not where something was thrown: then the engine may still hold the envelope.
        _pool.Return(exchange);
    }

    private async ValueTask<Problem?> DecideAsync(HttpContext context, SingleReply reply)
    {
        if (engine.IsTooFarAhead(reply.Envelope.Transaction))
        {
            return Problem.Of(Refusal.TooFarAhead);
        }

        if (!engine.Admission.TryEnter() && !await engine.Admission.EnterAsync(settings.AdmissionWaitMax, context.RequestAborted))
        {
            return Problem.Overloaded;
        }

        reply.Reset();
        var answered = reply.Answered;
        engine.Submit(reply.Envelope);
        await answered;
        return reply.Envelope.Refusal == Refusal.None ? null : Problem.Of(reply.Envelope.Refusal);
    }

    private static async ValueTask<Problem?> ReadAsync(HttpContext context, Exchange exchange)
    {
        if (context.Request.ContentLength > TransactionReader.TextBytesMax)
        {
            return Problem.TooLarge;
        }

        var body = context.Request.BodyReader;
        try
        {
            while (true)
            {
                var read = await body.ReadAsync(context.RequestAborted);
                if (read.Buffer.Length > TransactionReader.TextBytesMax)
                {
                    body.AdvanceTo(read.Buffer.End);
                    return Problem.TooLarge;
                }

                if (read.IsCompleted)
                {
                    var problem = Parse(read.Buffer, exchange);
                    body.AdvanceTo(read.Buffer.End);
                    return problem;
                }

                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException reason)
        {
            return reason.StatusCode == StatusCodes.Status413PayloadTooLarge ? Problem.TooLarge : Problem.CutOff;
        }
    }

    private static Problem? Parse(ReadOnlySequence<byte> text, Exchange exchange)
    {
        if (text.IsEmpty)
        {
            return Problem.Empty;
        }

        var reader = exchange.Reader;
        return reader.TryRead(text.IsSingleSegment ? text.FirstSpan : text.ToArray(), exchange.Reply.Envelope.Transaction) ? null : Problem.Of(reader.Problems);
    }

    private ValueTask<FlushResult> WriteAsync(HttpContext context, Exchange exchange)
    {
        var envelope = exchange.Reply.Envelope;
        exchange.Body.ResetWrittenCount();
        DecisionJson.Write(exchange.Body, envelope.Transaction, envelope.Decision, engine.Catalog);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = exchange.Body.WrittenCount;
        return context.Response.BodyWriter.WriteAsync(exchange.Body.WrittenMemory);
    }

    private sealed class ExchangePolicy(byte[] defaultCurrency) : PooledObjectPolicy<Exchange>
    {
        public override Exchange Create() => new(defaultCurrency);

        public override bool Return(Exchange obj) => true;
    }

    /// <summary>What one request works with, used again by the next.</summary>
    private sealed class Exchange(byte[] defaultCurrency)
    {
        public TransactionReader Reader { get; } = new(defaultCurrency);

        public SingleReply Reply { get; } = new();

        public ArrayBufferWriter<byte> Body { get; } = new(512);
    }
}
