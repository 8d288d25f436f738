using System.Globalization;
using System.Text;
using FraudEngine.Ingress.FastLane;

namespace FraudEngine.Tests.Ingress.FastLane;

/// <summary>What is taken out of chunks.</summary>
public sealed class ChunkFramingTests
{
    private const string Behind = "POST /";

    [Fact]
    public void The_data_comes_out_whatever_the_chunks_the_pieces_and_the_room()
    {
        var random = new Random(7);
        for (var round = 0; round < 2000; round++)
        {
            var (text, expected) = Chunks(random);
            var framing = new ChunkFraming();
            var raw = Encoding.Latin1.GetBytes(text + Behind);
            var data = new List<byte>();
            var at = 0;
            while (!framing.IsEnd)
            {
                var room = new byte[random.Next(1, 40)];
                var piece = raw.AsSpan(at, Math.Min(random.Next(1, 60), raw.Length - at));
                at += framing.Take(piece, room, out var written);
                data.AddRange(room[..written]);
                Assert.False(framing.IsBroken, text);
            }

            Assert.Equal(expected, Encoding.Latin1.GetString([.. data]));
            Assert.Equal(Behind, Encoding.Latin1.GetString(raw.AsSpan(at)));
        }
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("g\r\n")]
    [InlineData("-1\r\na")]
    [InlineData("0x1\r\na")]
    [InlineData(" 1\r\na")]
    [InlineData("1 \r\na")]
    [InlineData("1\na\r\n")]
    [InlineData("1\r\r\na")]
    [InlineData("1\r\nab")]
    [InlineData("1\r\na\n")]
    [InlineData("1\r\na\r1")]
    [InlineData("000000001\r\na")]
    [InlineData("1;a\nb\r\na")]
    [InlineData("1;a\rb\r\na")]
    [InlineData("0\r\n\n")]
    [InlineData("0\r\na: b\n\r\n")]
    [InlineData("0\r\na: b\r\r\n")]
    public void What_is_no_chunk_is_said_and_nothing_behind_it_taken(string text)
    {
        var framing = new ChunkFraming();
        framing.Take(Encoding.Latin1.GetBytes(text), new byte[100], out _);
        Assert.True(framing.IsBroken);
        Assert.Equal(0, framing.Take("1\r\na\r\n0\r\n\r\n"u8, new byte[100], out var written));
        Assert.Equal(0, written);
    }

    [Theory]
    [InlineData("1;")]
    [InlineData("0\r\n")]
    public void What_is_of_no_use_may_not_go_on_for_ever(string begin)
    {
        var framing = new ChunkFraming();
        framing.Take(Encoding.Latin1.GetBytes(begin + new string('x', 10_000)), new byte[10], out _);
        Assert.True(framing.IsBroken);
    }

    private static (string Text, string Data) Chunks(Random random)
    {
        var (text, data) = (new StringBuilder(), new StringBuilder());
        for (var i = random.Next(5); i > 0; i--)
        {
            var chunk = string.Concat(Enumerable.Range(0, random.Next(1, 50)).Select(_ => "ab\r\n0;"[random.Next(6)]));
            text.Append(chunk.Length.ToString(random.Next(2) == 0 ? "x" : "X4", CultureInfo.InvariantCulture)).Append(random.Next(4) == 0 ? ";a=\"b\"" : "");
            text.Append("\r\n").Append(chunk).Append("\r\n");
            data.Append(chunk);
        }

        return (text.Append(random.Next(2) == 0 ? "0\r\n" : "000;x\r\n").Append(random.Next(4) == 0 ? "A: b\r\nC:\r\n" : "").Append("\r\n").ToString(), data.ToString());
    }
}
