namespace Monolith.Benchmarks.CatchUp;

/// <summary>How the events are spread over customers.</summary>
/// <param name="EventsOfEach">How many events a customer has, on average.</param>
/// <param name="Zipf">Whether few customers have most events (Zipf, exponent 1), or all have the same number.</param>
internal sealed record Shape(int EventsOfEach, bool Zipf = false)
{
    public override string ToString() =>
        $"{EventsOfEach} {(EventsOfEach == 1 ? "event" : "events")} a customer{(Zipf ? " on average, Zipf" : "")}";
}
