using FraudEngine.Trials;

namespace FraudEngine.Tests.Trials;

public class SeenIdsTests
{
    [Fact]
    public void Ids_contents_and_notes_are_found_again_however_many_there_are()
    {
        var seen = new SeenIds();
        var random = new Random(3);
        var known = new Dictionary<ulong, (ulong Content, int Note)>();
        for (var i = 0; i < 20_000; i++)
        {
            // Few different ones, 0 and neighbours among them, so that many come again and many collide.
            var id = random.Next(3) == 0 ? (ulong)random.Next(200) : (ulong)random.NextInt64(0, 50_000) << 20;
            var content = (ulong)random.NextInt64();
            var found = content;
            var isNew = seen.IsNew(id, ref found);
            Assert.Equal(!known.ContainsKey(id == 0 ? 1 : id), isNew);
            if (isNew)
            {
                Assert.Equal(content, found);
                seen.AddLast(id, content);
                known.Add(id == 0 ? 1 : id, (content, random.Next(2) == 0 ? 0 : i));
                if (known[id == 0 ? 1 : id].Note is var note and not 0)
                {
                    seen.Note = note;
                }
            }
            else
            {
                Assert.Equal(known[id == 0 ? 1 : id], (found, seen.Note));
            }
        }
    }
}
