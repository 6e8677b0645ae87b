namespace Monolith.System.Tests.Load;

/// <summary>The aggregates that a load may use: the latest ones, so that clients conflict on them.</summary>
internal sealed class Known
{
    private const int Latest = 400;

    private readonly Lock gate = new();
    private readonly List<Guid> ids = [];

    public void Add(Guid id)
    {
        lock (gate)
            ids.Add(id);
    }

    public Guid? Any(Random random)
    {
        lock (gate)
            return ids.Count == 0 ? null : ids[^random.Next(1, Math.Min(ids.Count, Latest) + 1)];
    }
}
