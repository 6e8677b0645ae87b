namespace Monolith.BuildingBlocks.LocalServers;

/// <summary>A server that this process has started for itself.</summary>
public interface ILocalServer : IAsyncDisposable
{
    /// <summary>The name of the product.</summary>
    string Name { get; }

    /// <summary>Waits until the server has ended, and returns how: the signal, or the exit status with the last lines of its log.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<string> StoppedAsync(CancellationToken cancellation);

    /// <summary>
    /// Stops the server if it is still running, starts it on the same port and data, and returns when it accepts connections.
    /// </summary>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="LocalServerException">It did not start.</exception>
    Task RestartAsync(CancellationToken cancellation = default);
}

/// <summary>A local server cannot run. The message is one line: what is missing or wrong, and what to do about it.</summary>
public sealed class LocalServerException(string message) : Exception(message);
