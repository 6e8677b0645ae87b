namespace Monolith.Benchmarks.CatchUp;

/// <summary>How the events are spread over customers.</summary>
/// <param name="EventsOfEach">How many events a customer has.</param>
internal sealed record Shape(int EventsOfEach)
{
    public override string ToString() => $"{EventsOfEach} {(EventsOfEach == 1 ? "event" : "events")} a customer";
}
