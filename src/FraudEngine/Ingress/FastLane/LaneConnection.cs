using System.Buffers;
using System.IO.Pipelines;
using FraudEngine.Domain;
using FraudEngine.Engine;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.ObjectPool;

namespace FraudEngine.Ingress.FastLane;

/// <summary>One connection in the lane: reads a request, has it decided, answers, and so on, until the connection ends or is the web server's.</summary>
internal sealed class LaneConnection(
    ConnectionContext connection, DecisionEngine engine, ObjectPool<SingleExchange> exchanges, StreamExchange streams, ILaneFeed? feed, KestrelServerLimits limits)
{
    /// <summary>Requests that come in pieces of memory are put together up to this length.</summary>
    private const int PiecesBytesMax = 4096;

    private readonly LaneWait _wait = new(connection, limits);
    private readonly IConnectionTerm? _term = connection.Features.Get<IConnectionTerm>();

    public async Task RunAsync(ConnectionDelegate next)
    {
        // Until then it costs nothing of what the web server holds for a connection: most of an idle one's memory.
        if (await ServeAsync())
        {
            await next(connection);
        }
    }

    /// <summary>Gives whether the connection is the web server's from now on; else it is to be closed.</summary>
    private async Task<bool> ServeAsync()
    {
        using var closing = _wait.Watch();
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        try
        {
            while (!_wait.IsClosing)
            {
                _wait.Begin(LaneWaitFor.Request);
                var read = await input.ReadAsync();
                _wait.End();
                if (read.Buffer.IsEmpty)
                {
                    break;
                }

                if (_term?.IsOver == true)
                {
                    input.AdvanceTo(read.Buffer.Start);
                    return true;
                }

                var exchange = exchanges.Get();
                if (!TryTake(read.Buffer, exchange, out var end))
                {
                    exchanges.Return(exchange);
                    if (FindFeed(read.Buffer) is { } request && await TryServeAsync(request, read.Buffer))
                    {
                        break;
                    }

                    if (!TryOpenStream(read.Buffer, out end))
                    {
                        input.AdvanceTo(read.Buffer.Start);
                        return true;
                    }

                    input.AdvanceTo(end);
                    if (await RunStreamAsync())
                    {
                        continue;
                    }

                    break;
                }

                var answered = exchange.SubmitTo(engine);
                input.AdvanceTo(end);
                await answered;
                Answer(output, exchange);
                exchanges.Return(exchange);
                _wait.Begin(LaneWaitFor.Room);
                var flushed = await output.FlushAsync();
                _wait.End();
                if (flushed.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception reason) when (reason is IOException or OperationCanceledException)
        {
            // The client has reset the connection, or it was aborted.
        }

        return false;
    }

    /// <summary>Whether the request was taken: then it has entered the admission, and the envelope is filled.</summary>
    private bool TryTake(ReadOnlySequence<byte> buffer, SingleExchange exchange, out SequencePosition end)
    {
        if (buffer.IsSingleSegment)
        {
            return TryTake(buffer, buffer.FirstSpan, exchange, out end);
        }

        Span<byte> text = stackalloc byte[(int)Math.Min(PiecesBytesMax, buffer.Length)];
        buffer.Slice(0, text.Length).CopyTo(text);
        return TryTake(buffer, text, exchange, out end);
    }

    private bool TryTake(ReadOnlySequence<byte> buffer, ReadOnlySpan<byte> text, SingleExchange exchange, out SequencePosition end)
    {
        if (PlainRequest.TryFind(text, out var body) && exchange.TryRead(text[body]) && !engine.IsTooFarAhead(exchange.Reply.Envelope.Transaction) && engine.Admission.TryEnter())
        {
            end = buffer.GetPosition(body.End.Value);
            return true;
        }

        end = default;
        return false;
    }

    private static ReadOnlySpan<byte> BeginOf(ReadOnlySequence<byte> buffer) =>
        buffer.IsSingleSegment ? buffer.FirstSpan : buffer.Slice(0, Math.Min(PiecesBytesMax, buffer.Length)).ToArray();

    private PlainFeed? FindFeed(ReadOnlySequence<byte> buffer) => feed is null ? null : PlainFeed.Find(BeginOf(buffer));

    /// <summary>Serves who listens for alerts until it goes away; false where that was not begun, and the request is unread.</summary>
    private async Task<bool> TryServeAsync(PlainFeed request, ReadOnlySequence<byte> buffer)
    {
        var end = buffer.GetPosition(request.Length);
        var response = new FeedResponse(connection.Transport.Output, _wait, () => connection.Transport.Input.AdvanceTo(end));
        try
        {
            await feed!.ServeAsync(request, response, connection.ConnectionClosed);
        }
        catch (IOException) when (!response.IsBegun)
        {
            // The ordinary route says so.
        }

        if (response.IsBegun)
        {
            await response.EndAsync();
        }

        return response.IsBegun;
    }

    private bool TryOpenStream(ReadOnlySequence<byte> buffer, out SequencePosition start)
    {
        if (PlainRequest.TryFindStream(BeginOf(buffer), out var at) && streams.TryOpen())
        {
            start = buffer.GetPosition(at);
            return true;
        }

        start = default;
        return false;
    }

    /// <summary>Gives whether the connection can be used for another request.</summary>
    private async Task<bool> RunStreamAsync()
    {
        var body = new ChunkedBody(connection.Transport.Input);
        var response = new ChunkedResponse(connection.Transport.Output, _wait);
        if (!await streams.RunAsync(body, response, connection.ConnectionClosed))
        {
            connection.Abort();
            return false;
        }

        await body.CompleteAsync();
        return await response.EndAsync() && body.IsWhole;
    }

    private void Answer(PipeWriter output, SingleExchange exchange)
    {
        if (exchange.Reply.Envelope.Refusal == Refusal.None)
        {
            exchange.WriteDecision(engine.Catalog);
            PlainAnswer.Decision(output, exchange.Body.WrittenSpan, TimeProvider.System.GetUtcNow(), _wait.IsClosing);
        }
        else
        {
            // It has been answered by the engine: the ordinary route would submit it a second time.
            PlainAnswer.Problem(output, Problem.Of(exchange.Reply.Envelope.Refusal), TimeProvider.System.GetUtcNow(), _wait.IsClosing);
        }
    }
}
