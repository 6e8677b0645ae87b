namespace Monolith.BuildingBlocks.Embedded;

/// <summary>A server that this process has started for itself.</summary>
public interface IPrivateServer : IAsyncDisposable
{
    /// <summary>The name of the product.</summary>
    string Name { get; }

    /// <summary>Waits until the server has ended, and returns how: the signal, or the exit status with the end of its log.</summary>
    Task<string> StoppedAsync(CancellationToken cancellation);

    /// <summary>
    /// Stops the server if it is still running, starts it on the same port and data, and returns when it accepts connections.
    /// </summary>
    /// <exception cref="LocalServerException">It did not start.</exception>
    Task RestartAsync(CancellationToken cancellation = default);
}
