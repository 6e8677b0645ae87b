namespace Monolith.BuildingBlocks.Events.Channels;

/// <summary>What hosts tell each other beside the log. Nothing of it is kept, and messages may be lost, so that whoever hears them must get on without.</summary>
public interface IHostChannel
{
    /// <summary>Tells the other hosts, and not this one.</summary>
    /// <param name="message">What; a few thousand bytes at most.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="Exception">What carries it does not answer.</exception>
    Task TellAsync(string message, CancellationToken cancellation);

    /// <summary>Hears what other hosts tell, until it is stopped; where what carries it goes away, from its return on.</summary>
    /// <param name="heard">Told each message, one after the other; it must not block, nor throw.</param>
    /// <param name="stopping">Ends it.</param>
    Task HearAsync(Action<string> heard, CancellationToken stopping);
}
