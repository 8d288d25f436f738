using FraudEngine.Cluster;

namespace FraudEngine.Tests.Cluster;

public sealed class FrameTests
{
    private static readonly Heartbeat Beat = new("life-1", "näme", "http://h:1", MemberState.Leaving, 7, 3, 99, 20, Heartbeat.BitsOf(20, static shard => shard % 3 == 0), new NodeRates(1.5, 2.5, 4, 0.25));

    [Fact]
    public void A_heartbeat_is_read_as_it_was_written()
    {
        var frame = new FrameWriter("life-1");
        Beat.WriteTo(frame);
        var reader = new FrameReader(frame.Written.Span);
        Assert.True(reader.TryReadPart(out var kind, out var part));
        Assert.Equal(FramePart.Heartbeat, kind);
        var read = Heartbeat.Read(ref part);
        Assert.Equal(Beat with { Owned = read.Owned }, read);
        Assert.Equal(Beat.Owned, read.Owned);
        Assert.False(reader.TryReadPart(out _, out _));
    }

    [Fact]
    public void Parts_follow_each_other_and_a_frame_can_be_used_again()
    {
        var frame = new FrameWriter("x");
        for (var round = 0; round < 3; round++)
        {
            Assert.True(frame.IsEmpty);
            for (var i = 0; i < 1000; i++)
            {
                frame.Begin(FramePart.VisitAnswer);
                frame.WriteInt64(i);
                frame.End();
            }

            var reader = new FrameReader(frame.Written.Span);
            for (var i = 0; i < 1000; i++)
            {
                Assert.True(reader.TryReadPart(out _, out var part));
                Assert.Equal("x", part.Life);
                Assert.Equal(i, part.ReadInt64());
            }

            Assert.False(reader.TryReadPart(out _, out _));
            frame.Clear();
        }
    }

    [Fact]
    public void A_damaged_frame_is_invalid_data_and_nothing_else()
    {
        var frame = new FrameWriter("life-1");
        Beat.WriteTo(frame);
        var bytes = frame.Written.ToArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            Read(bytes[..length]);
        }

        var random = new Random(5);
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            Read(damaged);
        }
    }

    [Fact]
    public void A_frame_of_another_version_is_refused()
    {
        var bytes = new FrameWriter("life-1").Written.ToArray();
        bytes[0]++;
        Assert.Throws<InvalidDataException>(() => new FrameReader(bytes).Life);
    }

    private static void Read(byte[] bytes)
    {
        try
        {
            var reader = new FrameReader(bytes);
            while (reader.TryReadPart(out var kind, out var part))
            {
                if (kind == FramePart.Heartbeat)
                {
                    Heartbeat.Read(ref part).Owns(19);
                }
            }
        }
        catch (InvalidDataException)
        {
            // What was to be shown.
        }
    }
}
