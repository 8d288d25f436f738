using System.Buffers;
using System.Text;
using FraudEngine.Cluster;
using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Engine.Remote;
using FraudEngine.Tests.Storage;

namespace FraudEngine.Tests.Engine.Remote;

/// <summary>What another node has forwarded is handled in its order or given back, also where the shard went and came again in between.</summary>
public sealed class TenureTests : IReplyTo
{
    private readonly ClusterRig _rig = new(1, new SimulatedStore(), new EngineSettings { Shards = 1 }, EngineRig.Yaml, nodes: 1);

    public TenureTests() => _rig.Settle(() => Engine.Owns(0));

    private DecisionEngine Engine => _rig.Nodes[0].Engine;

    [Fact]
    public void A_request_that_was_accepted_before_the_shard_went_is_given_back_though_it_has_come_again()
    {
        var tenure = Engine.TenureOf(0);
        var first = Forward("t1", tenure);
        while (_rig.Nodes[0].RunOne())
        {
        }

        _rig.Nodes[0].Journal.BreakSession(isStored: false);
        _rig.Nodes[0].Journal.Connect();
        _rig.Settle(() => first.IsDone() && Engine.Owns(0));
        Assert.True(first.Batch.IsBounced);

        // It was accepted behind the first, and comes to the shard only now.
        var second = Forward("t2", tenure);
        _rig.Settle(second.IsDone);
        Assert.True(second.Batch.IsBounced);

        var again = Forward("t1", Engine.TenureOf(0));
        _rig.Settle(again.IsDone);
        Assert.False(again.Batch.IsBounced);
    }

    [Fact]
    public void Nothing_is_accepted_behind_a_message_that_can_not_be_read()
    {
        var incoming = new IncomingRequests(1, Engine, static () => { });
        Assert.Throws<InvalidDataException>(() => Receive(incoming, Message(sequence: 0, says: 2)));
        Receive(incoming, Message(sequence: 1, says: 1));
        var outboxes = new Outboxes("here");
        Assert.True(incoming.WriteTo(outboxes));
        var reader = new FrameReader(Assert.Single(outboxes.Filled).Value.Written.Span);
        Assert.True(reader.TryReadPart(out var kind, out _));
        Assert.Equal(FramePart.GivenBack, kind);
    }

    void IReplyTo.Completed(TransactionEnvelope envelope) => Assert.Fail("It is another node's.");

    private static void Receive(IncomingRequests incoming, ReadOnlyMemory<byte> frame)
    {
        var reader = new FrameReader(frame.Span);
        Assert.True(reader.TryReadPart(out _, out var part));
        incoming.Receive(ref part);
    }

    private ReadOnlyMemory<byte> Message(long sequence, int says)
    {
        var frame = new FrameWriter("there");
        frame.Begin(FramePart.Requests);
        frame.WriteInt32(0);
        frame.WriteInt64(1);
        frame.WriteInt64(sequence);
        frame.WriteInt64(sequence + 1);
        frame.WriteInt32(says);
        RequestCodec.Write(frame, Request("t1"));
        frame.End();
        return frame.Written;
    }

    private (ForwardedBatch Batch, Func<bool> IsDone) Forward(string id, int tenure)
    {
        var bytes = new ArrayBufferWriter<byte>();
        RequestCodec.Write(bytes, Request(id));
        var isDone = false;
        var batch = ForwardedBatch.Read(bytes.WrittenSpan, 1, _ => isDone = true);
        Engine.Submit(0, batch, tenure);
        return (batch, () => isDone);
    }

    private TransactionEnvelope Request(string id)
    {
        var envelope = new TransactionEnvelope(this);
        envelope.Transaction.SetText(TransactionField.TransactionId, Encoding.UTF8.GetBytes(id));
        envelope.Transaction.SetText(TransactionField.AccountId, "a"u8);
        envelope.Transaction.TimestampTicks = EngineRig.TicksAt(1);
        envelope.Transaction.Amount = new Money(1);
        return envelope;
    }
}
