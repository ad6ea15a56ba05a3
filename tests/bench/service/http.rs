//! As little of HTTP as a bench needs: one connection, one request after the other.

use std::io;

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

/// A connection.
pub struct Client {
    stream: BufReader<TcpStream>,
    address: String,
}

impl Client {
    pub async fn to(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), address: address.to_owned() })
    }

    pub async fn get(&mut self, path: &str) -> io::Result<(u16, Vec<u8>)> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\n\r\n", self.address);
        self.stream.write_all(request.as_bytes()).await?;
        self.answer().await
    }

    pub async fn post(&mut self, path: &str, json: &str) -> io::Result<(u16, Vec<u8>)> {
        let (host, length) = (&self.address, json.len());
        let request =
            format!("POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{json}");
        self.stream.write_all(request.as_bytes()).await?;
        self.answer().await
    }

    /// Listens to server-sent events, and tells their ids.
    pub async fn listen(&mut self, path: &str, mut tell: impl FnMut(u64)) -> io::Result<()> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\naccept: text/event-stream\r\n\r\n", self.address);
        self.stream.write_all(request.as_bytes()).await?;
        let mut line = String::new();
        while self.stream.read_line(&mut line).await? > 0 {
            if let Some(id) = line.strip_prefix("id:").and_then(|id| id.trim().parse().ok()) {
                tell(id);
            }
            line.clear();
        }
        Ok(())
    }

    async fn answer(&mut self) -> io::Result<(u16, Vec<u8>)> {
        let mut line = String::new();
        self.stream.read_line(&mut line).await?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(|| io::Error::other("no status"))?;
        let (mut length, mut chunked) = (0, false);
        loop {
            line.clear();
            self.stream.read_line(&mut line).await?;
            let header = line.trim().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
            chunked |= header == "transfer-encoding: chunked";
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        while chunked {
            line.clear();
            self.stream.read_line(&mut line).await?;
            let size = usize::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
            let begin = body.len();
            body.resize(begin + size + 2, 0);
            self.stream.read_exact(&mut body[begin..]).await?;
            body.truncate(begin + size);
            chunked = size > 0;
        }
        Ok((status, body))
    }
}
